/// Professionals of one role who answer together.
public struct Team: Sendable, Hashable {
    public let id: String
    public let name: String
    public let role: CareRole
    public let members: [RPPS]
    public let communes: [CommuneCode]

    public init(id: String, name: String, role: CareRole, members: [RPPS], communes: [CommuneCode]) {
        self.id = id
        self.name = name
        self.role = role
        self.members = members
        self.communes = communes
    }
}
