/// Professionals who answer together, from one queue.
public struct DirectoryTeam: Hashable, Sendable, Encodable {
    public let id: String
    public let name: String
}
