import EventStore
import Foundation
import Subprocess
import TestSupport
import Testing
import Timekeeping

@testable import Transparency

@Suite struct BundleTests {
    let directory: TemporaryDirectory
    let folder: String
    let key: LogKey

    init() async throws {
        directory = try TemporaryDirectory()
        folder = directory.file("bundle")
        key = try Fixture.logKey()
    }

    private func write(sealer: any PayloadSealer = FixedKeySealer(), withKeys: Bool = true, erased: Bool = false) async throws {
        let log = InMemoryEventLog(identity: "cpts-demo", sealer: sealer, time: ManualClock().source)
        try await Fixture.append(300, to: log, stream: 2)
        try await Fixture.append(4, to: log, seed: 2)
        let tiles = try TileStore(path: directory.file("\(UUID()).sqlite"), log: log)
        let issued = try CheckpointStore(log: log, tiles: tiles, key: key, time: ManualClock().source).issue()
        let prover = LogProver(log: log, tiles: tiles)
        let stream = try #require(StreamID(bytes: [UInt8](repeating: 1, count: 16)))
        let items = try log.read(stream: stream, fromVersion: 1, limit: 10).map { event in
            AuditBundle.Item(
                event: event,
                proof: try prover.inclusion(of: event.position, in: issued.checkpoint.tree.size),
                clear: erased ? nil : try sealer.payload(of: event)
            )
        }
        try AuditBundle.write(to: folder, items: items, checkpoint: issued, logIdentity: "cpts-demo", key: key) {
            withKeys && $0 == FixedKeySealer.keyID ? FixedKeySealer.key : nil
        }
    }

    /// How the bundle's own program ends: its exit status.
    private func runVerifier(_ arguments: [String]) async throws -> TerminationStatus {
        try await run(.name("python3"), arguments: Arguments(["\(folder)/verify.py"] + arguments), output: .discarded).terminationStatus
    }

    @Test(arguments: [true, false])
    func `a bundle verifies, here and with Python alone`(withKeys: Bool) async throws {
        try await write(withKeys: withKeys)
        let report = AuditBundle.verify(folder: folder, trusting: key.verifierKey)
        #expect(report.problems == [])
        #expect(report.eventCount == 4 && report.provenTexts == (withKeys ? 4 : 0) && report.statedTexts == (withKeys ? 0 : 4))
        #expect(report.checkpoint?.tree.size == 304)
        #expect(try await runVerifier([key.verifierKey.description]) == .exited(0))
        #expect(try await runVerifier([]) == .exited(0))
    }

    @Test func `payloads in clear and erased ones verify too`() async throws {
        try await write(sealer: PlainSealer())
        #expect(AuditBundle.verify(folder: folder, trusting: key.verifierKey).provenTexts == 4)
        #expect(try await runVerifier([key.verifierKey.description]) == .exited(0))
        try FileManager.default.removeItem(atPath: folder)
        try await write(withKeys: false, erased: true)
        #expect(AuditBundle.verify(folder: folder, trusting: key.verifierKey).erasedTexts == 4)
        #expect(try await runVerifier([key.verifierKey.description]) == .exited(0))
    }

    @Test func `another key than the trusted one is found`() async throws {
        try await write()
        let other = try Fixture.logKey(2).verifierKey
        #expect(!AuditBundle.verify(folder: folder, trusting: other).isSound)
        #expect(try await runVerifier([other.description]) == .exited(1))
    }

    @Test func `a changed byte in any file is found`() async throws {
        try await write()
        let seed: UInt64 = 5
        var random = SplitMix64(seed: seed)
        let files = try FileManager.default.subpathsOfDirectory(atPath: folder).filter { $0 != "events" }.sorted()
        #expect(files.count == 9)
        for file in files {
            let url = URL(fileURLWithPath: "\(folder)/\(file)")
            let original = try Data(contentsOf: url)
            for round in 0..<12 {
                var changed = original
                let offset = Int.random(in: 0..<original.count, using: &random)
                changed[offset] ^= 1 << UInt8.random(in: 0..<8, using: &random)
                try changed.write(to: url)
                let report = AuditBundle.verify(folder: folder, trusting: key.verifierKey)
                #expect(!report.isSound, "seed \(seed): \(file), byte \(offset)")
                // A changed verifier may not run at all; the one that came with the bundle is what is tested.
                if round == 0, file != "verify.py" {
                    #expect(try await runVerifier([key.verifierKey.description]) == .exited(1), "seed \(seed): \(file), byte \(offset)")
                }
            }
            try original.write(to: url)
        }
        try Data("x".utf8).write(to: URL(fileURLWithPath: "\(folder)/events/more.json"))
        #expect(!AuditBundle.verify(folder: folder, trusting: key.verifierKey).isSound)
        #expect(try await runVerifier([key.verifierKey.description]) == .exited(1))
        try FileManager.default.removeItem(atPath: "\(folder)/events/more.json")
        try FileManager.default.removeItem(atPath: "\(folder)/LISEZMOI.html")
        #expect(!AuditBundle.verify(folder: folder, trusting: key.verifierKey).isSound)
        #expect(try await runVerifier([key.verifierKey.description]) == .exited(1))
    }

    /// Who holds the log's key can sign any manifest: the events must be proven by themselves all the same.
    @Test(arguments: [
        "position", "version", "recordedtime", "time", "offset", "type", "clear", "payload", "leaf", "entry", "path", "dataKey", "subject",
    ])
    func `an event that does not fit is found under a signed manifest`(member: String) async throws {
        try await write()
        let url = URL(fileURLWithPath: "\(folder)/events/000002.json")
        var event = try #require(try JSONSerialization.jsonObject(with: Data(contentsOf: url)) as? [String: Any])
        switch event[member] {
        case let number as Int: event[member] = number + 1
        case let text as String: event[member] = String(text.reversed()) + (member == "clear" ? " " : "")
        case let list as [String]: event[member] = Array(list.dropLast())
        default: Issue.record("no \(member)")
        }
        try JSONSerialization.data(withJSONObject: event).write(to: url)
        let bytes = Array(try Data(contentsOf: url))
        let manifest = URL(fileURLWithPath: "\(folder)/MANIFEST")
        let note = try SignedNote(bytes: Array(Data(contentsOf: manifest)))
        let lines = note.text.split(separator: "\n").map {
            $0.hasSuffix("000002.json") ? "\(Hash256.of(bytes).hex)  events/000002.json\n" : "\($0)\n"
        }
        let text = lines.joined()
        try Data(SignedNote(text: text, signatures: [key.sign(text)]).bytes).write(to: manifest)
        let report = AuditBundle.verify(folder: folder, trusting: key.verifierKey)
        #expect(report.problems.map(\.file) == ["events/000002.json"])
        #expect(try await runVerifier([key.verifierKey.description]) == .exited(1))
    }

    @Test func `a folder with something in it is not written to`() async throws {
        try await write()
        await #expect(throws: TransparencyError(.storageUnavailable, "")) { try await write() }
    }
}
