public import Pathways

/// Somebody of the demonstration whom one can be on the home page.
public struct DemoAccount: Sendable, Hashable {
    public let rpps: String
    public let name: String
    public let role: CareRole

    public init(rpps: String, name: String, role: CareRole) {
        self.rpps = rpps
        self.name = name
        self.role = role
    }
}
