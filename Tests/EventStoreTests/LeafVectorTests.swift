import Crypto
import Foundation
import Testing
import Timekeeping

@testable import EventStore

/// `schemas/leaf.md` is the truth about leaves; its vectors were made by another implementation.
@Suite struct LeafVectorTests {
    struct Vector: Decodable {
        struct Fields: Decodable {
            var territory, id, type, source, subject, payload: String
            var time, recordedtime, position, version: Int64
            var offset: Int16
            var causationid, correlationid, actor, keyid, attachment: String?
        }

        var fields: Fields
        var entry, leaf: String
    }

    private struct Root: Decodable { var root: String }

    private static func page() throws -> String {
        let url = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("../../schemas/leaf.md")
        return try String(contentsOf: url, encoding: .utf8)
    }

    private static func blocks() throws -> [Data] {
        try page().components(separatedBy: "```json\n").dropFirst().compactMap { $0.components(separatedBy: "\n```").first }.map { Data($0.utf8) }
    }

    static func vectors() throws -> [Vector] {
        try blocks().compactMap { try? JSONDecoder().decode(Vector.self, from: $0) }
    }

    private static func bytes(_ hex: String) throws -> [UInt8] {
        let digits = Array(hex.utf8)
        return try stride(from: 0, to: digits.count, by: 2).map { start in
            try #require(UInt8(String(decoding: digits[start..<start + 2], as: UTF8.self), radix: 16))
        }
    }

    private static func event(_ fields: Vector.Fields) throws -> RecordedEvent {
        RecordedEvent(
            position: fields.position,
            version: fields.version,
            stream: try #require(StreamID(hex: fields.subject)),
            id: try #require(EventID(fields.id)),
            type: fields.type,
            source: fields.source,
            time: Instant(millisecondsSinceEpoch: fields.time, offsetMinutes: fields.offset),
            recordedAt: Instant(millisecondsSinceEpoch: fields.recordedtime),
            actor: fields.actor,
            causation: try fields.causationid.map { try #require(EventID($0)) },
            correlation: try fields.correlationid.map { try #require(EventID($0)) },
            keyID: fields.keyid,
            attachmentHash: try fields.attachment.map { Hash256.of(try bytes($0)) },
            payload: try bytes(fields.payload),
            leafHash: Hash256.of([])
        )
    }

    @Test func `every vector gives its entry and leaf, and together their root`() throws {
        let vectors = try Self.vectors()
        #expect(vectors.count == 3)
        var tree = MerkleFrontier()
        for vector in vectors {
            let entry = try LeafEntry(of: Self.event(vector.fields), logIdentity: vector.fields.territory)
            #expect(Hex.encode(entry.bytes) == vector.entry)
            #expect(entry.leafHash.hex == vector.leaf)
            tree.append(entry.leafHash)
        }
        let root = try #require(try Self.blocks().compactMap { try? JSONDecoder().decode(Root.self, from: $0) }.first)
        #expect(tree.root.hex == root.root)
    }

    @Test func `the first vector is what the table says, put together by hand`() throws {
        let vector = try #require(try Self.vectors().first)
        func text(_ text: String) -> [UInt8] { [0, UInt8(text.utf8.count)] + Array(text.utf8) }
        var entry: [UInt8] = [1]
        entry += [0, 8, 0, 0, 0, 0, 0, 0, 0, 1]  // position 1
        entry += [0, 8, 0, 0, 0, 0, 0, 0, 0, 1]  // version 1
        entry += [0, 8, 0x00, 0x00, 0x01, 0xA2, 0x02, 0x61, 0x4A, 0x9A]  // 1 795 336 260 250 ms
        entry += text("cpts-demo")
        entry += [0, 16, 0x01, 0x9A, 0x9B, 0x3C, 0x4D, 0x5E, 0x7F, 0x60, 0x81, 0x23, 0x45, 0x67, 0x89, 0xAB, 0xCD, 0xEF]
        entry += text("fr.relais.pathway.patient-discharged.v1") + text("urn:finess:850000084")
        entry += [0, 16, 0x00, 0x11, 0x22, 0x33, 0x44, 0x55, 0x66, 0x77, 0x88, 0x99, 0xAA, 0xBB, 0xCC, 0xDD, 0xEE, 0xFF]
        entry += [0, 8, 0x00, 0x00, 0x01, 0xA2, 0x02, 0x60, 0x5F, 0x40, 0, 2, 0, 60]  // 1 795 336 200 000 ms, +01:00
        entry += [0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF]  // causation, correlation, actor, keyid
        entry += text("https://relais.example/schemas/events/pathway.patient-discharged.v1.schema.json") + text("application/json")
        entry += [0xFF, 0xFF, 0, 32] + Array(SHA256.hash(data: Data(#"{"kind":"home"}"#.utf8)))
        #expect(Hex.encode(entry) == vector.entry)
        #expect(Hex.encode(Array(SHA256.hash(data: Data([0] + entry)))) == vector.leaf)
    }

    @Test func `entries are under 4 kB, and one byte more is refused`() throws {
        var event = try Self.event(try #require(try Self.vectors().last).fields)
        event.actor = ""
        let rest = try LeafEntry(of: event, logIdentity: "t").bytes.count
        event.actor = String(repeating: "x", count: LeafEntry.sizeLimit - 1 - rest)
        #expect(try LeafEntry(of: event, logIdentity: "t").bytes.count == LeafEntry.sizeLimit - 1)
        event.actor?.append("x")
        #expect(throws: EventStoreError(.invalidEvent, "")) { try LeafEntry(of: event, logIdentity: "t") }
    }
}
