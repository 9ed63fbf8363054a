public import Pathways

/// A territory of any size with the density of the demonstration territory: real communes, fictional people.
///
/// It is a file like any other, published before the first patient comes; nothing in the coordinator knows that it was made up.
public struct SyntheticTerritory: Sendable {
    public static let id = "simulated"

    /// As `relais territory publish` takes it.
    public let yaml: String
    /// The same, read.
    public let territory: Territory
    /// Those who live there.
    public let inhabitants: Int

    /// Read once: it never changes.
    private static let demo = Result { try TerritoryFile.parse(yaml: BundledFiles.demoTerritory, file: "demo-territory.yaml") }

    /// - Parameters:
    ///   - inhabitants: 500 at least.
    ///   - seed: the same seed makes the same territory.
    /// - Throws: `FileErrors` if the demonstration territory cannot be read.
    public init(inhabitants: Int, seed: UInt64) throws {
        var draft = TerritoryDraft(scaling: try Self.demo.get(), to: max(500, inhabitants), random: SplitMix64(state: seed))
        self.inhabitants = max(500, inhabitants)
        yaml = draft.yaml()
        territory = try TerritoryFile.parse(yaml: yaml, file: "simulated-territory.yaml")
    }
}
