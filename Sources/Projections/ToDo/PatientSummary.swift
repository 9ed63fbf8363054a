/// Who a follow-up is about, as much as somebody needs who goes there.
public struct PatientSummary: Hashable, Sendable, Encodable {
    /// Birth name.
    public let birthFamilyName: String?
    /// Used name, where it differs.
    public let usedFamilyName: String?
    public let givenName: String?
    /// `YYYY-MM-DD`, or shorter where only the month or year is known.
    public let birthDate: String?
    /// `F`, `M` or `U`.
    public let sex: String?
    public let phone: String?
    /// Street and number.
    public let address: String?
    public let postalCode: String?
    public let city: String?

    /// Used name, else birth name; then given name.
    public var displayName: String {
        [usedFamilyName ?? birthFamilyName, givenName].compactMap(\.self).joined(separator: " ")
    }
}
