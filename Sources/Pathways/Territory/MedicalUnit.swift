/// A unit with medical responsibility (unité fonctionnelle médicale, ZBE-7).
public struct MedicalUnit: Sendable, Hashable {
    /// As in ZBE-7.10, unique in its hospital.
    public let code: String
    public let name: String
    /// The hospital doctor who answers for its discharges.
    public let contact: RPPS?
    /// The ids of the protocols proposed when a patient leaves from here.
    public let protocols: [String]

    public init(code: String, name: String, contact: RPPS?, protocols: [String]) {
        self.code = code
        self.name = name
        self.contact = contact
        self.protocols = protocols
    }
}
