/// The référent-parcours of a territory: whoever owns what nobody else does, and the one contact shown everywhere.
public struct Referent: Sendable, Hashable {
    public let rpps: RPPS
    public let name: String
    public let phone: String?

    public init(rpps: RPPS, name: String, phone: String?) {
        self.rpps = rpps
        self.name = name
        self.phone = phone
    }
}
