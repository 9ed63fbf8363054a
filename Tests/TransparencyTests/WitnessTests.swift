import EventStore
import TestSupport
import Testing
import Timekeeping

@testable import Transparency

@Suite struct WitnessTests {
    let directory: TemporaryDirectory
    let clock = ManualClock()
    let log = SyntheticLog(count: 300)
    let tiles: TileStore
    let store: CheckpointStore

    init() throws {
        directory = try TemporaryDirectory()
        tiles = try TileStore(path: directory.file("proofs.sqlite"), log: log)
        store = CheckpointStore(log: log, tiles: tiles, key: try Fixture.logKey(), time: clock.source)
    }

    private var prover: LogProver { LogProver(log: log, tiles: tiles) }

    private func witness() throws -> Witness {
        try Witness(path: directory.file("witness.sqlite"), key: Fixture.witnessKey(), logs: [Fixture.logKey().verifierKey], time: clock.source)
    }

    private func request(from old: Int64) throws -> WitnessRequest {
        let issued = try store.issue()
        let path = old > 0 ? try prover.consistency(from: old, to: issued.checkpoint.tree.size).path : []
        return WitnessRequest(oldSize: old, path: path, note: issued.note)
    }

    /// Both sides, to the end.
    private func submit(to witness: Witness, lastSize: Int64) throws -> (WitnessSubmission.Step, rounds: Int) {
        var submission = WitnessSubmission(of: try store.issue(), to: witness.verifierKey, lastSize: lastSize)
        var (step, rounds) = (WitnessSubmission.Step.send, 0)
        while step == .send {
            rounds += 1
            step = submission.receive(try witness.addCheckpoint(submission.request(prover).body))
        }
        return (step, rounds)
    }

    @Test func `a log gets its checkpoints cosigned as it grows`() throws {
        let witness = try witness()
        var last: Int64 = 0
        for growth in [0, 1, 0, 700] {
            log.grow(by: growth)
            let (step, rounds) = try submit(to: witness, lastSize: last)
            guard case .done(let signatures) = step else {
                Issue.record("\(step)")
                return
            }
            #expect(rounds == 1 && signatures.count == 1)
            last = try log.head().position
            try store.add(signatures, to: last)
            let note = try #require(try store.issued(for: last)).note
            #expect(try note.verified(by: [witness.verifierKey, store.verifierKey]).count == 2)
            let cosignature = try #require(Cosignature(bytes: signatures[0].bytes))
            #expect(cosignature.time == 1_795_336_200)
        }
    }

    @Test func `a client that forgot learns the size from the conflict`() throws {
        let witness = try witness()
        _ = try submit(to: witness, lastSize: 0)
        log.grow(by: 50)
        let (step, rounds) = try submit(to: witness, lastSize: 0)
        #expect(rounds == 2)
        guard case .done = step else {
            Issue.record("\(step)")
            return
        }
    }

    @Test func `what was cosigned outlives the witness's process`() throws {
        _ = try submit(to: witness(), lastSize: 0)
        log.grow(by: 1)
        let response = try witness().addCheckpoint(request(from: 0).body)
        #expect(response == WitnessResponse(status: 409, contentType: "text/x.tlog.size", body: Array("300\n".utf8)))
    }

    // MARK: The specification's answers

    @Test func `an unknown origin is 404`() throws {
        let witness = try Witness(path: directory.file("witness.sqlite"), key: Fixture.witnessKey(), logs: [], time: clock.source)
        #expect(try witness.addCheckpoint(request(from: 0).body).status == 404)
    }

    @Test func `a signature that is missing, of another key or false is 403`() throws {
        let request = try request(from: 0)
        var foreign = request
        foreign.note.signatures = [try Fixture.logKey(2).sign(request.note.text)]
        #expect(try witness().addCheckpoint(foreign.body).status == 403)
        var forged = request
        forged.note.signatures[0].bytes[3] ^= 1
        #expect(try witness().addCheckpoint(forged.body).status == 403)
        var mixed = request
        mixed.note.signatures.append(forged.note.signatures[0])
        #expect(try witness().addCheckpoint(mixed.body).status == 403)
        var extra = request
        extra.note.signatures.append(contentsOf: foreign.note.signatures)
        #expect(try witness().addCheckpoint(extra.body).status == 200)
    }

    @Test func `an old size that is not the one cosigned is 409, larger than the new one 400`() throws {
        #expect(try witness().addCheckpoint(request(from: 300).body).status == 409)
        var larger = try request(from: 0)
        larger.oldSize = 301
        #expect(try witness().addCheckpoint(larger.body).status == 400)
    }

    @Test func `a proof that does not lead there is 422`() throws {
        let witness = try witness()
        var early = try request(from: 0)
        early.path = [MerkleTree.emptyRoot]
        #expect(try witness.addCheckpoint(early.body).status == 422)
        _ = try submit(to: witness, lastSize: 0)
        log.grow(by: 50)
        var request = try request(from: 300)
        for index in request.path.indices {
            var wrong = request
            wrong.path[index] = MerkleTree.emptyRoot
            #expect(try witness.addCheckpoint(wrong.body).status == 422)
        }
        let path = request.path
        request.path.append(MerkleTree.emptyRoot)
        #expect(try witness.addCheckpoint(request.body).status == 422)
        request.path = path
        #expect(try witness.addCheckpoint(request.body).status == 200)
    }

    @Test(arguments: [300, 400])
    func `another history is never cosigned`(size: Int) throws {
        let witness = try witness()
        _ = try submit(to: witness, lastSize: 0)
        let other = SyntheticLog(count: size, salt: "other")
        let tiles = try TileStore(path: directory.file("other.sqlite"), log: other)
        let issued = try CheckpointStore(log: other, tiles: tiles, key: Fixture.logKey(), time: clock.source).issue()
        let path = try LogProver(log: other, tiles: tiles).consistency(from: 300, to: Int64(size)).path
        let response = try witness.addCheckpoint(WitnessRequest(oldSize: 300, path: path, note: issued.note).body)
        #expect(response.status == 422)
        var submission = WitnessSubmission(of: issued, to: witness.verifierKey, lastSize: 300)
        guard case .refused = submission.receive(response) else {
            Issue.record("not refused")
            return
        }
    }

    @Test func `a checkpoint of no event has the root of no leaf`() throws {
        let key = try Fixture.logKey()
        let text = Checkpoint(origin: Fixture.origin, tree: TreeHead(size: 0, rootHash: Hash256.of([1]))).text
        let request = WitnessRequest(oldSize: 0, path: [], note: SignedNote(text: text, signatures: [try key.sign(text)]))
        #expect(try witness().addCheckpoint(request.body).status == 422)
    }

    @Test(arguments: [
        "", "old 0\n", "old 00\n\n", "old -1\n\n", "new 0\n\n", "old 0\nAAAA\n\n", "old 0\n\nexample\n", "old 0\n\na\n1\nx\n\n— a AAAAAAA=\n", "\n\n",
    ])
    func `what is no request is 400`(body: String) throws {
        #expect(try witness().addCheckpoint(Array(body.utf8)).status == 400)
    }

    @Test func `more than 63 hashes are 400`() throws {
        var request = try request(from: 0)
        request.path = [Hash256](repeating: MerkleTree.emptyRoot, count: 64)
        #expect(try witness().addCheckpoint(request.body).status == 400)
    }

    @Test func `of two requests at once only one continues a tree`() async throws {
        let witness = try witness()
        _ = try submit(to: witness, lastSize: 0)
        var bodies: [[UInt8]] = []
        for _ in 0..<20 {
            log.grow(by: 1)
            bodies.append(try request(from: 300).body)
        }
        let statuses = try await withThrowingTaskGroup(of: Int.self) { group in
            for body in bodies { group.addTask { try witness.addCheckpoint(body).status } }
            return try await group.reduce(into: [Int]()) { $0.append($1) }
        }
        #expect(statuses.filter { $0 == 200 }.count == 1 && statuses.filter { $0 == 409 }.count == 19)
    }

    // MARK: The log's side

    @Test func `answers that prove nothing are refused`() throws {
        let issued = try store.issue()
        let key = try Fixture.witnessKey()
        let good = try key.cosign(issued.note.text, at: 5)
        func step(_ response: WitnessResponse) -> WitnessSubmission.Step {
            var submission = WitnessSubmission(of: issued, to: key.verifierKey, lastSize: 0)
            return submission.receive(response)
        }
        #expect(step(WitnessResponse(status: 200, text: "\(good)")) == .done([good]))
        for text in ["", "ok", "\(try Fixture.logKey().sign(issued.note.text))", "\(try key.cosign("other\n", at: 5))"] {
            guard case .refused = step(WitnessResponse(status: 200, text: text)) else {
                Issue.record("taken: \(text)")
                continue
            }
        }
        #expect(step(.conflict(size: 7)) == .send)
        for response in [
            WitnessResponse(status: 409, text: "7"), .conflict(size: 0), .conflict(size: 301),
            WitnessResponse(status: 409, contentType: WitnessResponse.sizeType, body: Array("07\n".utf8)), WitnessResponse(status: 500, text: ""),
        ] {
            guard case .refused = step(response) else {
                Issue.record("taken: \(response)")
                continue
            }
        }
    }

    @Test func `a witness that always answers 409 is given up`() throws {
        var submission = WitnessSubmission(of: try store.issue(), to: try Fixture.witnessKey().verifierKey, lastSize: 0)
        var steps = 0
        for size in 1...9 as ClosedRange<Int64> {
            guard submission.receive(.conflict(size: size)) == .send else { break }
            steps += 1
        }
        #expect(steps == 3)
    }
}
