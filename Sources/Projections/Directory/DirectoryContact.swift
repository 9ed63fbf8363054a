/// Somebody to call: the référent-parcours.
public struct DirectoryContact: Hashable, Sendable, Encodable {
    public let rpps: String
    public let name: String
    public let phone: String?
}
