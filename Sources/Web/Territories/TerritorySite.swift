/// One of the territories that a process serves.
public struct TerritorySite: Sendable {
    /// As in its file: the path `/t/{id}/…` and the name `{id}.localhost` lead to it.
    public let id: String
    /// For people.
    public let name: String
    public var services: WebServices

    public init(id: String, name: String, services: WebServices) {
        self.id = id
        self.name = name
        self.services = services
    }
}
