import EventStore
import Foundation
import Pathways
import Testing
import Timekeeping

@testable import Projections

/// Whole small territories' stories, each recorded once by the release of its version and never changed: whatever later releases write, these
/// must be read for ever, and give the same rows. Version 3 has every event type that is written today.
@Suite struct GoldenLogTests {
    /// One line of `Golden/log-v1.jsonl`, and of those after it.
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
    private static let digests: [String: [String: String]] = [
        "log-v1": [
            "directory": "00128c4aa50dd766b3f93c2d12800ac929e970bfb099ac1f81f516a9363291b4",
            "feed": "175eeab0f218de71c5c5542550af9da3fb2c6f47a2db585f437130d2f5e5358f",
            "notifications": "9b9a88533b087f303eb21c5ce909e28be37fe8c1043d0cabb6f0fea0cc6e7af4",
            "patients": "7f54847ca879389ebf4207270e33da3f27dcae9d55918e2449ea5ae943706a6d",
            "timeline": "e8bf2ff74648941713288bb6bcd9ef15894a174fa7546a891205751e69e2ca97",
            "todo": "a10cf242a0eb630b765583ee8cc764a8b5f2f362b97669a50b1b1873c9faa9d0",
        ],
        "log-v2": [
            "directory": "1d8ac09e3d9af14e462607902331840f2d9fff7e99cbf283a556e57213474b19",
            "feed": "efaa16e2726a88915114e5e81cbfe7fceec87d3f26f24643e200a0242fb3b403",
            "notifications": "0cdb75da14eadf3010ddd9411b6c0ade80caec0795c21eaf23d92331d4569674",
            "patients": "04c0d2e55d2e3623a7878ea53a6b5acfb97be5bc57f44adeb2141bc213ebd587",
            "timeline": "84a3589abb333d3646b6ab96a6341098f10272d758536d4e0151be378aa13c15",
            "todo": "6f5d995fa73355c68a211cf927ca9097cde9e871d645a9092e319309e51ba3db",
        ],
        "log-v3": [
            "directory": "1d8ac09e3d9af14e462607902331840f2d9fff7e99cbf283a556e57213474b19",
            "feed": "efaa16e2726a88915114e5e81cbfe7fceec87d3f26f24643e200a0242fb3b403",
            "notifications": "df4c4f1b1ac7173faadbc48797ba1f6cce20094f1f1be08043477014c35d8576",
            "patients": "04c0d2e55d2e3623a7878ea53a6b5acfb97be5bc57f44adeb2141bc213ebd587",
            "timeline": "84a3589abb333d3646b6ab96a6341098f10272d758536d4e0151be378aa13c15",
            "todo": "6f5d995fa73355c68a211cf927ca9097cde9e871d645a9092e319309e51ba3db",
        ],
    ]

    private func replay(_ name: String) async throws -> World {
        let world = try World()
        let url = try #require(Bundle.module.url(forResource: name, withExtension: "jsonl", subdirectory: "Golden"))
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

    @Test func everyTypeIsInTheLatest() async throws {
        let types = try await replay("log-v3").log.read(after: 0, limit: .max).map(\.type)
        #expect(Set(types) == Set(DomainEvent.types))
    }

    @Test(arguments: digests.keys.sorted()) func everyEventIsStillRead(name: String) async throws {
        for event in try await replay(name).log.read(after: 0, limit: .max) {
            #expect(try DomainEvent(type: event.type, payload: event.payload) != nil, "\(event.type)")
        }
    }

    @Test(arguments: digests.keys.sorted()) func itGivesTheSameRowsForEver(name: String) async throws {
        let world = try await replay(name)
        try world.catchUp()
        #expect(try ProjectionReader(views: try world.views()).parked().isEmpty)
        let maintained = try world.digests().mapValues(\.hex)
        #expect(maintained == Self.digests[name], "\(maintained)")
        try world.runner().rebuildAll(pageSize: 9)
        let rebuilt = try world.digests().mapValues(\.hex)
        #expect(rebuilt == Self.digests[name], "\(rebuilt)")
    }
}
