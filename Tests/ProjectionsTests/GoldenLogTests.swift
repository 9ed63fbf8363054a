import EventStore
import Foundation
import Pathways
import Testing
import Timekeeping

@testable import Projections

/// A whole small territory's story with every event type of version 1, recorded once and never changed (new types are added at its end):
/// whatever later releases write, this must be read for ever, and give the same rows.
@Suite struct GoldenLogTests {
    /// One line of `Golden/log-v1.jsonl`.
    private struct Line: Decodable {
        let stream: String
        let id: String
        let type: String
        let source: String
        let time: String
        let recordedAt: String
        let actor: String?
        let causation: String?
        /// The body's own text, byte for byte.
        let payload: String
    }

    /// Of the tables of each projection's present version. A new version gives new digests; an unchanged one may not.
    private static let digests = [
        "directory": "115aa2b16e1f5216b977bb5c6dea5ef5c5abb142011431d48922e2ef68aaf869",
        "feed": "175eeab0f218de71c5c5542550af9da3fb2c6f47a2db585f437130d2f5e5358f",
        "patients": "7f54847ca879389ebf4207270e33da3f27dcae9d55918e2449ea5ae943706a6d",
        "timeline": "e8bf2ff74648941713288bb6bcd9ef15894a174fa7546a891205751e69e2ca97",
        "todo": "31050dd1b4e468e09e844431ea839b8ddcf877e644e389a5a141cc2402631e72",
    ]

    private func replay() async throws -> World {
        let world = try World()
        let url = try #require(Bundle.module.url(forResource: "log-v1", withExtension: "jsonl", subdirectory: "Golden"))
        for text in try String(contentsOf: url, encoding: .utf8).split(separator: "\n") {
            let line = try JSONDecoder().decode(Line.self, from: Data(text.utf8))
            world.clock.move(to: try #require(Instant(rfc3339: line.recordedAt)))
            let event = NewEvent(
                id: try #require(EventID(line.id)),
                type: line.type,
                source: line.source,
                time: try #require(Instant(rfc3339: line.time)),
                actor: line.actor,
                causation: try line.causation.map { try #require(EventID($0)) },
                payload: Array(line.payload.utf8)
            )
            let stream = try #require(StreamID(hex: line.stream))
            _ = try await world.log.append(AppendRequest(writes: [StreamWrite(stream: stream, expected: .any, events: [event])]))
        }
        return world
    }

    @Test func everyTypeOfVersionOneIsInIt() async throws {
        let types = try await replay().log.read(after: 0, limit: .max).map(\.type)
        #expect(Set(types) == Set(DomainEvent.types))
    }

    @Test func itGivesTheSameRowsForEver() async throws {
        let world = try await replay()
        try world.catchUp()
        #expect(try ProjectionReader(views: try world.views()).parked().isEmpty)
        let maintained = try world.digests().mapValues(\.hex)
        #expect(maintained == Self.digests, "\(maintained)")
        try world.runner().rebuildAll(pageSize: 9)
        let rebuilt = try world.digests().mapValues(\.hex)
        #expect(rebuilt == Self.digests, "\(rebuilt)")
    }
}
