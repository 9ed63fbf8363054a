import EventStore
import Foundation
import Pathways

/// Publishes territory, protocol and site profile files as events: only what is in the log counts for decisions.
public struct TerritoryPublisher: Sendable {
    public enum Result: Sendable, Hashable {
        case published(difference: [String], position: Int64)
        /// The same content is already in force.
        case unchanged
    }

    private let coordinator: Coordinator

    public init(coordinator: Coordinator) { self.coordinator = coordinator }

    /// - Throws: `FileErrors` with every fault of the file and its line; nothing is published then.
    public func publish(territory yaml: String, file: String, by author: Author) async throws -> Result {
        let parsed = try TerritoryFile.parse(yaml: yaml, file: file)
        let digest = Hash256.of(Array(yaml.utf8)).hex
        let event = TerritoryPublished(territory: parsed.id, digest: digest, content: yaml)
        return try await append(event, by: author) { state in
            state.territoryDigest == digest ? nil : TerritoryDifference(from: state.published, to: parsed).lines.map(\.description)
        }
    }

    /// - Throws: `FileErrors` with every fault of the file and its line; `Rejection` if its version is not above the one that is published.
    ///   Nothing is published then.
    public func publish(protocol yaml: String, file: String, by author: Author) async throws -> Result {
        let parsed = try ProtocolFile.parse(yaml: yaml, file: file)
        let digest = Hash256.of(Array(yaml.utf8)).hex
        let event = ProtocolPublished(protocolID: parsed.id, version: parsed.version, digest: digest, content: yaml)
        return try await append(event, by: author) { state in
            try state.decide(event).map { _ in ProtocolDifference(from: state.protocols[parsed.id], to: parsed).lines }
        }
    }

    /// - Throws: `FileErrors` with every fault of the file and its line; nothing is published then.
    public func publish(siteProfile yaml: String, file: String, by author: Author) async throws -> Result {
        let parsed = try SiteProfileFile.parse(yaml: yaml, file: file)
        let digest = Hash256.of(Array(yaml.utf8)).hex
        let event = SiteProfilePublished(profile: parsed.id, version: parsed.version, digest: digest, content: yaml)
        return try await append(event, by: author) { state in
            state.siteProfileDigests[parsed.id] == digest ? nil : SiteProfileDifference(from: state.siteProfiles[parsed.id], to: parsed).lines
        }
    }

    private func append(_ event: some EventBody, by author: Author, _ difference: (TerritoryState) throws -> [String]?) async throws -> Result {
        var lines: [String]?
        let stream = coordinator.streams.territory
        let outcome = try await coordinator.perform(nil) { work in
            let published = try work.recordedTerritory()
            lines = try difference(published.state)
            if lines != nil {
                work.record(event, on: stream, expecting: published.version == 0 ? .noStream : .exactly(published.version), by: author)
            }
            return []
        }
        guard let lines else { return .unchanged }
        return .published(difference: lines, position: outcome.position)
    }
}
