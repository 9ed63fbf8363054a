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
    /// Where they are told things, unless they said otherwise themselves.
    public let contacts: Contacts
    /// Those of the file are never two at once; one that was declared may overlap them, and then both count.
    public let absences: [Absence]

    public init(
        rpps: RPPS,
        family: String,
        given: String,
        role: CareRole,
        communes: [CommuneCode],
        phone: String? = nil,
        contacts: Contacts = .none,
        absences: [Absence] = []
    ) {
        self.rpps = rpps
        self.family = family
        self.given = given
        self.role = role
        self.communes = communes
        self.phone = phone
        self.contacts = contacts
        self.absences = absences
    }

    /// Given name, then family name.
    public var fullName: String { "\(given) \(family)" }

    /// The absence running at an instant; of several, one with a replacement.
    public func absence(at instant: Instant) -> Absence? {
        let running = absences.lazy.filter { $0.contains(instant) }
        return running.first { $0.replacement != nil } ?? running.first
    }

    /// The same person, away at other times too.
    func absent(also declared: [Absence]) -> Professional {
        Professional(
            rpps: rpps,
            family: family,
            given: given,
            role: role,
            communes: communes,
            phone: phone,
            contacts: contacts,
            absences: absences + declared
        )
    }
}
