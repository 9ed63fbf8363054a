/// What a territory has published: the directory and the protocols that decisions are made under, folded from its stream.
public struct TerritoryState: Hashable, Sendable {
    /// Nil before the first publication.
    public private(set) var territory: Territory?
    public private(set) var territoryDigest: String?
    public private(set) var protocols = ProtocolLibrary()
    public private(set) var protocolDigests: [String: String] = [:]

    public init() {}

    /// - Throws: `FileErrors` if the log holds a file that this version cannot read.
    public mutating func evolve(with event: TerritoryPublished) throws(FileErrors) {
        territory = try TerritoryFile.parse(yaml: event.content, file: "territory \(event.digest.prefix(8))")
        territoryDigest = event.digest
    }

    /// - Throws: `FileErrors` if the log holds a file that this version cannot read.
    public mutating func evolve(with event: ProtocolPublished) throws(FileErrors) {
        protocols.publish(try ProtocolFile.parse(yaml: event.content, file: "protocol \(event.protocolID)"))
        protocolDigests[event.protocolID] = event.digest
    }
}
