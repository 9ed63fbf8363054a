public import Timekeeping

/// A professional of the territory's directory, in one role.
public struct Professional: Sendable, Hashable {
    public let rpps: RPPS
    public let family: String
    public let given: String
    public let role: CareRole
    /// Where they take patients at home; empty for hospital staff.
    public let communes: [CommuneCode]
    public let phone: String?
    /// Never two at once.
    public let absences: [Absence]

    public init(rpps: RPPS, family: String, given: String, role: CareRole, communes: [CommuneCode], phone: String? = nil, absences: [Absence] = []) {
        self.rpps = rpps
        self.family = family
        self.given = given
        self.role = role
        self.communes = communes
        self.phone = phone
        self.absences = absences
    }

    /// Given name, then family name.
    public var fullName: String { "\(given) \(family)" }

    /// The absence running at an instant.
    public func absence(at instant: Instant) -> Absence? {
        absences.first { $0.contains(instant) }
    }
}
