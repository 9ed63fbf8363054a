import EventStore
import Foundation
import TestSupport
import Testing
import Timekeeping

@testable import Sealing

/// The vault as the sealer of a real log.
struct SealedLogTests {
    private let maker = EventIDGenerator(time: .fixed(noon), random: SeededRandom(seed: 5).next)

    private func event(_ payload: String, attachment: String? = nil, sealedFor: SealingRequest? = nil) -> NewEvent {
        NewEvent(
            id: maker.next(),
            type: "fr.relais.test.happened.v1",
            source: "urn:relais:test",
            time: noon,
            payload: Array(payload.utf8),
            attachment: attachment.map { Array($0.utf8) },
            sealedFor: sealedFor
        )
    }

    private func open(_ directory: TemporaryDirectory) throws -> (KeyVault, SQLiteEventLog) {
        let vault = try directory.vault()
        return (vault, try SQLiteEventLog.open(.init(directory: directory.path, identity: "test", sealer: vault, time: .fixed(noon))))
    }

    private func text(_ bytes: [UInt8]?) -> String? { bytes.map { String(decoding: $0, as: UTF8.self) } }

    @Test(.timeLimit(.minutes(5)))
    func `what is appended is read back after reopening, and is nowhere in clear`() async throws {
        let directory = try TemporaryDirectory()
        var (vault, log) = try open(directory)
        let command = CommandKey(scope: "hl7", key: "k", body: [1], match: .keyAndBody)
        let request = AppendRequest(
            command: command,
            writes: [
                StreamWrite(
                    stream: stream(1),
                    expected: .noStream,
                    events: [event("Marie Dupont", attachment: "MSH|Marie"), event("autre", sealedFor: SealingRequest(stream: stream(2)))],
                    patient: stream(9)
                )
            ],
            answer: Array("MSA|Marie".utf8)
        )
        _ = try await log.append(request)
        await log.close()
        try vault.close()

        (vault, log) = try open(directory)
        let events = try log.read(after: 0, limit: 10)
        let keys = events.compactMap(\.keyID)
        #expect(Set(keys).count == 2)
        #expect(try events.map { text(try vault.payload(of: $0)) } == ["Marie Dupont", "autre"])
        let first = try #require(events.first)
        let attachment = try #require(try log.attachment(of: 1))
        #expect(try text(vault.attachment(attachment, of: first)) == "MSH|Marie")
        #expect(try text(log.command(scope: "hl7", key: "k")?.answer) == "MSA|Marie")
        #expect(try await log.append(request) == .repeated(answer: Array("MSA|Marie".utf8), position: 2))
        #expect(try vault.owner(of: stream(1)) == stream(9))

        let files = try FileManager.default.contentsOfDirectory(atPath: directory.path)
        #expect(files.contains("log.sqlite") && files.contains("keys.sqlite"))
        for name in files {
            let bytes = try Data(contentsOf: URL(fileURLWithPath: "\(directory.path)/\(name)"))
            #expect(bytes.range(of: Data("Marie".utf8)) == nil, "\(name)")
        }
        await log.close()
    }

    @Test(.timeLimit(.minutes(5)))
    func `an erasure takes payload, attachment and answer, and leaves the log sound`() async throws {
        let directory = try TemporaryDirectory()
        let (vault, log) = try open(directory)
        let command = CommandKey(scope: "hl7", key: "k", body: [1], match: .keyAndBody)
        let write = StreamWrite(
            stream: stream(1),
            expected: .any,
            events: [event("Marie", attachment: "MSH|Marie"), event("autre", sealedFor: SealingRequest(stream: stream(2)))],
            patient: stream(9)
        )
        _ = try await log.append(AppendRequest(command: command, writes: [write], answer: [65]))
        let head = try log.head()
        try vault.destroy(vault.keys(ofPatient: stream(9)).map(\.keyID), at: noon)

        let events = try log.read(after: 0, limit: 10)
        #expect(try events.map { text(try vault.payload(of: $0)) } == [nil, "autre"])
        let first = try #require(events.first)
        #expect(try vault.attachment(#require(try log.attachment(of: 1)), of: first) == nil)
        #expect(try log.command(scope: "hl7", key: "k")?.answer == nil)
        #expect(try log.verify().isSound)
        #expect(try log.head() == head)

        _ = try await log.append(AppendRequest(writes: [StreamWrite(stream: stream(1), expected: .any, events: [event("de retour")])]))
        let last = try #require(try log.read(after: 2, limit: 1).first)
        #expect(last.keyID != first.keyID)
        #expect(try text(vault.payload(of: last)) == "de retour")
        await log.close()
    }

    @Test func `a log that was begun in clear goes on sealed`() async throws {
        let directory = try TemporaryDirectory()
        let plain = try SQLiteEventLog.open(.init(directory: directory.path, identity: "test", time: .fixed(noon)))
        _ = try await plain.append(AppendRequest(writes: [StreamWrite(stream: stream(1), expected: .any, events: [event("en clair")])]))
        await plain.close()
        let (vault, log) = try open(directory)
        _ = try await log.append(AppendRequest(writes: [StreamWrite(stream: stream(1), expected: .any, events: [event("scellé")])]))
        #expect(try log.read(after: 0, limit: 9).map { text(try vault.payload(of: $0)) } == ["en clair", "scellé"])
        await log.close()
    }

    @Test(.timeLimit(.minutes(5)))
    func `a key is on disk before the first event sealed under it`() async throws {
        let directory = try TemporaryDirectory()
        let (_, log) = try open(directory)
        for number in 1...20 {
            let write = StreamWrite(stream: stream(UInt64(number)), expected: .any, events: [event("n\(number)")])
            _ = try await log.append(AppendRequest(writes: [write]))
            // The files as a power loss would leave them: whatever event is there, its key is.
            let copy = try directory.copyOfKeys()
            let restored = try copy.vault(createsIfMissing: false)
            let last = try #require(try log.read(after: Int64(number - 1), limit: 1).first)
            #expect(try text(restored.payload(of: last)) == "n\(number)")
            try restored.close()
        }
        await log.close()
    }

    @Test func `an event does not open in another's place`() async throws {
        let directory = try TemporaryDirectory()
        let (vault, log) = try open(directory)
        let write = StreamWrite(stream: stream(1), expected: .any, events: [event("un"), event("deux")])
        _ = try await log.append(AppendRequest(writes: [write]))
        let recorded = try #require(try log.read(after: 0, limit: 1).first)
        let changes: [@Sendable (inout RecordedEvent) -> Void] = [
            { $0.id = EventID(bytes: [UInt8](repeating: 1, count: 16)) ?? $0.id }, { $0.type += "x" }, { $0.source += "x" },
            { $0.stream = stream(2) }, { $0.time = $0.time.adding(milliseconds: 1) }, { $0.time.offsetMinutes += 1 },
        ]
        for change in changes {
            var event = recorded
            change(&event)
            #expect(await sealingCode { _ = try vault.payload(of: event) } == .notAuthentic)
        }
        #expect(await sealingCode { _ = try vault.attachment(recorded.payload, of: recorded) } == .notAuthentic)
        await log.close()
    }
}
