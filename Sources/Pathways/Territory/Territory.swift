public import Timekeeping

/// The directory of a CPTS as published at one moment: places, people, teams, hospitals. A value: no look-up leaves it.
public struct Territory: Sendable, Hashable {
    /// A slug, as `clvo-demo`.
    public let id: String
    /// In French.
    public let name: String
    /// IANA name of the zone whose days count, as `Europe/Paris`.
    public let timeZone: String
    /// Grows by one at each publication that changes something.
    public let version: Int
    public let referent: Referent
    /// Postal codes that serve no commune outside the territory: only these tell a commune without a city's name.
    public let exclusivePostalCodes: [String]
    /// In the order of the file, as the lists below.
    public let communes: [Commune]
    public let professionals: [Professional]
    public let teams: [Team]
    public let hospitals: [Hospital]
    /// When people are not asked; nil where they are at any hour.
    public let quietHours: QuietHours?
    /// The days on which routine news wait.
    public let holidays: Holidays
    /// The domains, with those below them, to which secure mail may go; none: to nobody.
    public let mssanteDomains: [String]

    let index: TerritoryIndex

    /// Where an identifier stands twice, the first counts; `TerritoryFile.parse` refuses such a file.
    public init(
        id: String,
        name: String,
        timeZone: String,
        version: Int,
        referent: Referent,
        exclusivePostalCodes: [String] = [],
        communes: [Commune],
        professionals: [Professional],
        teams: [Team],
        hospitals: [Hospital],
        quietHours: QuietHours? = nil,
        holidays: Holidays = .french,
        mssanteDomains: [String] = []
    ) {
        self.id = id
        self.name = name
        self.timeZone = timeZone
        self.version = version
        self.referent = referent
        self.exclusivePostalCodes = exclusivePostalCodes
        self.communes = communes
        self.professionals = professionals
        self.teams = teams
        self.hospitals = hospitals
        self.quietHours = quietHours
        self.holidays = holidays
        self.mssanteDomains = mssanteDomains
        self.index = TerritoryIndex(communes: communes, professionals: professionals, teams: teams, hospitals: hospitals)
    }

    // MARK: - Look-ups

    public func commune(_ code: CommuneCode) -> Commune? {
        index.communes[code].map { communes[$0] }
    }

    public func professional(_ rpps: RPPS) -> Professional? {
        index.professionals[rpps].map { professionals[$0] }
    }

    /// The teams of a role that cover a commune, in the order of the file.
    public func teams(for role: CareRole, in commune: CommuneCode) -> [Team] {
        teams.filter { $0.role == role && $0.communes.contains(commune) }
    }

    /// The hospital known under an assigning authority: a namespace, a universal id or a FINESS, as HL7 components carry them.
    public func hospital(authority: String) -> Hospital? {
        index.hospitals[authority].map { hospitals[$0] }
    }

    /// The medical unit (ZBE-7) of that code in the hospital of that authority.
    public func unit(code: String, authority: String) -> MedicalUnit? {
        hospital(authority: authority)?.units.first { $0.code == code }
    }

    /// Whether messages of this sender (MSH-3 and MSH-4) come from a hospital of the territory.
    public func isKnownSender(application: String, facility: String) -> Bool {
        index.senders.contains(HL7Sender(application: application, facility: facility))
    }

    /// Whether a professional is away at an instant. Someone unknown is not.
    public func isAbsent(_ rpps: RPPS, at instant: Instant) -> Bool {
        professional(rpps)?.absence(at: instant) != nil
    }

    /// Whether secure mail may go to an address.
    public func allowsSecureMail(to address: String) -> Bool { Self.allows(address, in: mssanteDomains) }

    static func allows(_ address: String, in domains: [String]) -> Bool {
        guard let host = MailAddress.host(of: address)?.lowercased() else { return false }
        return domains.contains { host == $0 || host.hasSuffix(".\($0)") }
    }

    // MARK: - Equality

    public static func == (left: Territory, right: Territory) -> Bool {
        left.id == right.id && left.version == right.version && left.name == right.name && left.timeZone == right.timeZone
            && left.referent == right.referent && left.exclusivePostalCodes == right.exclusivePostalCodes && left.communes == right.communes
            && left.professionals == right.professionals && left.teams == right.teams && left.hospitals == right.hospitals
            && left.quietHours == right.quietHours && left.holidays == right.holidays && left.mssanteDomains == right.mssanteDomains
    }

    public func hash(into hasher: inout Hasher) {
        hasher.combine(id)
        hasher.combine(version)
    }
}
