import Coordination
import EventStore
import Foundation
import Hummingbird
import Testing
import Transparency

@testable import Web

/// What proves the log to whoever asks: checkpoints, tiles, proofs, and cosigning.
@Suite struct LogProofTests {
    /// A house whose log has a full tile of leaves and a part of the next.
    private func house() async throws -> House {
        let house = try await House(proves: true)
        let stream = try #require(StreamID(hex: "0f0e0d0c0b0a09080706050403020100"))
        let events = (0..<300).map { number in
            NewEvent(
                id: house.coordinator.ids.next(),
                type: "fr.relais.test.happened.v1",
                source: "urn:relais:test",
                time: house.clock.now,
                payload: Array("{\"number\":\(number)}".utf8)
            )
        }
        _ = try await house.log.append(AppendRequest(writes: [StreamWrite(stream: stream, expected: .any, events: events)]))
        return house
    }

    private func hash(_ hex: String) throws -> Hash256 {
        let digits = Array(hex)
        let bytes = stride(from: 0, to: digits.count - 1, by: 2).compactMap { UInt8(String(digits[$0...($0 + 1)]), radix: 16) }
        return try #require(Hash256(bytes: bytes))
    }

    private func hash(_ member: String, of answer: Answer) throws -> Hash256 { try hash(try answer.string(member)) }

    /// Absent where it is empty.
    private func proof(of answer: Answer) throws -> [Hash256] { try (try answer.json()["proof"] as? [String] ?? []).map { try hash($0) } }

    // MARK: - Checkpoints

    @Test func theCheckpointIsSignedByTheLogsKey() async throws {
        let house = try await house()
        let answer = try await house.get("/api/v1/log/checkpoint")
        #expect(answer.status == 200)
        #expect(answer.headers["content-type"] == "text/plain; charset=utf-8")
        #expect(answer.headers["cache-control"] == "no-cache")
        let keyText = try await house.get("/api/v1/log/key.vkey").text
        #expect(keyText.last == "\n")
        let key = try VerifierKey(keyText.dropLast())
        let checkpoint = try Checkpoint(try SignedNote(bytes: answer.bytes), trusting: [key])
        #expect(checkpoint.origin == "relais.example/essai")
        #expect(try checkpoint.tree == house.log.head().tree)
    }

    @Test func withoutAKeyNothingIsProven() async throws {
        let house = try await House()
        for path in ["checkpoint", "key.vkey", "tile/0/000", "proof/inclusion?position=1", "proof/consistency?from=1"] {
            try await house.get("/api/v1/log/\(path)").expectProblem(404, "not-found")
        }
    }

    // MARK: - Tiles

    @Test func tilesHoldTheLeavesAndOnlyFullOnesAreKept() async throws {
        let house = try await house()
        let leaves = try house.log.leafHashes(after: 0, limit: 258)
        let full = try await house.get("/api/v1/log/tile/0/000")
        #expect(full.status == 200 && full.headers["content-type"] == "application/octet-stream")
        #expect(full.bytes == leaves.prefix(256).flatMap(\.bytes))
        #expect(full.headers["cache-control"] == "public, max-age=31536000, immutable")
        let partial = try await house.get("/api/v1/log/tile/0/001.p/2")
        #expect(partial.status == 200 && partial.bytes == leaves.suffix(2).flatMap(\.bytes))
        #expect(partial.headers["cache-control"] == "no-cache")
        for (path, cached) in [("entries/000", "public, max-age=31536000, immutable"), ("entries/001.p/2", "no-cache")] {
            let entries = try await house.get("/api/v1/log/tile/\(path)")
            #expect(entries.status == 200 && !entries.bytes.isEmpty && entries.headers["cache-control"] == cached, "\(path)")
        }
    }

    @Test(arguments: ["0", "0/0", "0/000.p/0", "0/000.p/256", "64/000", "x/000", "entries", "0/000/1"])
    func whatIsNoTileIsNotFound(path: String) async throws {
        let answer = try await House(proves: true).get("/api/v1/log/tile/\(path)")
        try answer.expectProblem(404, "not-found")
        #expect(answer.headers["cache-control"] == "no-store")
    }

    @Test(arguments: ["0/001", "0/001.p/255", "1/000", "entries/001", "7/000"])
    func tilesThatAreNotYetFullAreNotFound(path: String) async throws {
        let answer = try await house().get("/api/v1/log/tile/\(path)")
        try answer.expectProblem(404, "beyond-log")
        #expect(answer.headers["cache-control"] == "no-store", "it will be there one day")
    }

    // MARK: - Proofs

    @Test func inclusionLeadsFromTheLeafToTheRoot() async throws {
        let house = try await house()
        let head = try house.log.head()
        let asked: [(Int64, Int64?)] = [(1, nil), (256, 257), (head.position, nil), (1, 1)]
        for (position, size) in asked {
            let answer = try await house.get("/api/v1/log/proof/inclusion?position=\(position)\(size.map { "&size=\($0)" } ?? "")")
            #expect(answer.status == 200, "\(answer.text)")
            let tree = TreeHead(size: Int64(try answer.integer("size")), rootHash: try hash("rootHash", of: answer))
            let leaf = try hash("leafHash", of: answer)
            #expect(tree.size == size ?? head.position)
            #expect(size != nil || tree == head.tree)
            #expect(try house.log.leafHashes(after: position - 1, limit: 1) == [leaf])
            #expect(try answer.integer("leafIndex") == Int(position) - 1)
            #expect(InclusionProof(position: position, tree: tree, leafHash: leaf, path: try proof(of: answer)).isValid)
        }
    }

    @Test func consistencyLeadsFromTheOldRootToTheNew() async throws {
        let house = try await house()
        let head = try house.log.head()
        let asked: [(Int64, Int64?)] = [(3, nil), (100, 256), (head.position, nil), (0, nil)]
        for (from, to) in asked {
            let answer = try await house.get("/api/v1/log/proof/consistency?from=\(from)\(to.map { "&to=\($0)" } ?? "")")
            #expect(answer.status == 200, "\(answer.text)")
            let old = TreeHead(size: Int64(try answer.integer("from")), rootHash: try hash("fromRootHash", of: answer))
            let new = TreeHead(size: Int64(try answer.integer("to")), rootHash: try hash("toRootHash", of: answer))
            #expect(old.size == from && new.size == to ?? head.position)
            #expect(to != nil || new == head.tree)
            #expect(ConsistencyProof(old: old, new: new, path: try proof(of: answer)).isValid)
        }
    }

    @Test(
        arguments: [
            ("inclusion", 400, "malformed-parameter"), ("inclusion?position=0", 400, "malformed-parameter"),
            ("inclusion?position=-1", 400, "malformed-parameter"), ("inclusion?position=x", 400, "malformed-parameter"),
            ("inclusion?position=1&size=x", 400, "malformed-parameter"), ("inclusion?position=5&size=4", 404, "beyond-log"),
            ("inclusion?position=1&size=9999", 404, "beyond-log"), ("inclusion?position=9999", 404, "beyond-log"),
            ("consistency", 400, "malformed-parameter"), ("consistency?from=-1", 400, "malformed-parameter"),
            ("consistency?from=1&to=x", 400, "malformed-parameter"), ("consistency?from=3&to=2", 404, "beyond-log"),
            ("consistency?from=1&to=9999", 404, "beyond-log"), ("nothing", 404, "not-found"),
        ]
    )
    func whatCannotBeProvenIsRefused(path: String, status: Int, code: String) async throws {
        try await House(proves: true).get("/api/v1/log/proof/\(path)").expectProblem(status, code)
    }

    // MARK: - Witness

    @Test func aCheckpointIsCosignedOnce() async throws {
        let house = try await house()
        let checkpoint = try await house.get("/api/v1/log/checkpoint")
        let request = "old 0\n\n\(checkpoint.text)"
        let cosigned = try await house.send(.post, "/witness/add-checkpoint", body: request)
        #expect(cosigned.status == 200, "\(cosigned.text)")
        let note = try SignedNote(bytes: checkpoint.bytes + cosigned.bytes)
        let signatures = try note.verified(by: [try House.witnessKey().verifierKey])
        #expect(signatures.count == 1)

        let again = try await house.send(.post, "/witness/add-checkpoint", body: request)
        #expect(again.status == 409 && again.headers["content-type"] == WitnessResponse.sizeType)
        #expect(again.text == "\(try house.log.head().position)\n")
    }

    @Test func whatIsNoCheckpointOfATrustedLogIsNotCosigned() async throws {
        let house = try await House(proves: true)
        let checkpoint = try await house.get("/api/v1/log/checkpoint").text
        let size = try house.log.head().position
        let ofAnother = checkpoint.replacing("relais.example/essai", with: "relais.example/autre")
        let changed = checkpoint.replacing("\n\(size)\n", with: "\n\(size + 1)\n")
        try #require(changed != checkpoint)
        let requests = [("", 400), ("old x\n\n\(checkpoint)", 400), ("old 0\n\n\(ofAnother)", 404), ("old 0\n\n\(changed)", 403)]
        for (body, status) in requests {
            #expect(try await house.send(.post, "/witness/add-checkpoint", body: body).status == status)
        }
        let large = String(repeating: "a", count: 65_537)
        try await house.send(.post, "/witness/add-checkpoint", body: large).expectProblem(413, "body-too-large")
    }
}
