import Synchronization
import TestSupport
import Testing
import Timekeeping

@testable import EventStore

/// Repeated commands (I4), on every log.
@Suite struct IdempotencyTests {
    let make = Maker(seed: 2)

    private func request(_ body: String, key: String = "k", match: CommandKey.Match = .keyAndBody, answer: String = "yes") -> AppendRequest {
        AppendRequest(
            command: CommandKey(scope: "api", key: key, body: Array(body.utf8), match: match),
            writes: [make.write(stream(1), .noStream)],
            answer: Array(answer.utf8)
        )
    }

    @Test(arguments: LogKind.allCases)
    func `same key and body give the first answer again`(kind: LogKind) async throws {
        try await kind.withLog { log in
            _ = try await log.append(request("a"))
            // What it expected is no longer true, which is no conflict for a repetition.
            let again = try await log.append(request("a", answer: "other"))
            #expect(again == .repeated(answer: Array("yes".utf8), position: 1))
            #expect(try log.head().position == 1)
            #expect(try log.commandCounts(scope: "api") == CommandCounts(repeats: 1, reuses: 0))
        }
    }

    @Test(arguments: LogKind.allCases)
    func `same key, other body is refused and counted`(kind: LogKind) async throws {
        try await kind.withLog { log in
            _ = try await log.append(request("a"))
            #expect(await code { _ = try await log.append(request("b")) } == .commandKeyReused)
            var fitting = request("c")
            fitting.writes = [make.write(stream(2), .noStream)]
            #expect(await code { _ = try await log.append(fitting) } == .commandKeyReused)
            #expect(try log.head().position == 1)
            #expect(try log.commandCounts(scope: "api") == CommandCounts(repeats: 0, reuses: 2))
            #expect(try log.commandCounts(scope: "none") == CommandCounts(repeats: 0, reuses: 0))
        }
    }

    @Test(arguments: LogKind.allCases)
    func `to a process manager the key alone is proof`(kind: LogKind) async throws {
        try await kind.withLog { log in
            _ = try await log.append(request("a", match: .keyAlone))
            #expect(try await log.append(request("b", match: .keyAlone)) == .repeated(answer: Array("yes".utf8), position: 1))
        }
    }

    @Test(arguments: LogKind.allCases)
    func `that nothing was to be done is remembered`(kind: LogKind) async throws {
        try await kind.withLog { log in
            let nothing = AppendRequest(command: CommandKey(scope: "pm", key: "e1", body: [], match: .keyAlone), writes: [])
            guard case .appended(let receipt) = try await log.append(nothing) else { return #expect(Bool(false)) }
            #expect(receipt.firstPosition == nil && receipt.position == 0 && receipt.versions.isEmpty)
            #expect(try await log.append(nothing) == .repeated(answer: [], position: 0))
            let recorded = try #require(try log.command(scope: "pm", key: "e1"))
            #expect(recorded.position == 0 && recorded.answer == [] && recorded.requestHash == Hash256.of([]))
            #expect(try log.command(scope: "pm", key: "e2") == nil)
        }
    }

    @Test(arguments: LogKind.allCases)
    func `a refused command may come again`(kind: LogKind) async throws {
        try await kind.withLog { log in
            var wrong = request("a")
            wrong.writes = [make.write(stream(1), .exactly(5))]
            #expect(await code { _ = try await log.append(wrong) } == .wrongExpectedVersion)
            guard case .appended = try await log.append(request("a")) else { return #expect(Bool(false)) }
        }
    }

    @Test(arguments: LogKind.allCases)
    func `scope and key are not run together`(kind: LogKind) async throws {
        try await kind.withLog { log in
            for (scope, key) in [("ab", "c"), ("a", "bc")] {
                let command = CommandKey(scope: scope, key: key, body: [], match: .keyAlone)
                guard case .appended = try await log.append(AppendRequest(command: command, writes: [make.write(stream(1))])) else {
                    return #expect(Bool(false))
                }
            }
        }
    }

    @Test(arguments: LogKind.allCases)
    func `the same command from many at once is done once`(kind: LogKind) async throws {
        try await kind.withLog { log in
            let appended = try await withThrowingTaskGroup(of: Bool.self) { group in
                for task in 0..<40 {
                    group.addTask {
                        let make = Maker(seed: UInt64(task + 50))
                        let command = CommandKey(scope: "api", key: "once", body: [1], match: .keyAndBody)
                        let request = AppendRequest(command: command, writes: [make.write(stream(1))], answer: [UInt8(task)])
                        if case .appended = try await log.append(request) { return true }
                        return false
                    }
                }
                return try await group.reduce(0) { $0 + ($1 ? 1 : 0) }
            }
            #expect(appended == 1)
            #expect(try log.head().position == 1)
            #expect(try log.commandCounts(scope: "api").repeats == 39)
        }
    }

    @Test(arguments: LogKind.allCases)
    func `payload, attachment and answer are stored sealed and bound to their event`(kind: LogKind) async throws {
        let sealer = ShiftSealer()
        try await kind.withLog(sealer: sealer) { log in
            let command = CommandKey(scope: "api", key: "k", body: [1], match: .keyAndBody)
            let event = make.event("abc", attachment: [1, 2])
            let request = AppendRequest(
                command: command,
                writes: [StreamWrite(stream: stream(1), expected: .noStream, events: [event, make.event("def")])],
                answer: [5]
            )
            _ = try await log.append(request)
            let events = try log.read(after: 0, limit: 2)
            try #require(events.count == 2)
            #expect(events[0].keyID == "key-1")
            #expect(Array(events[0].payload.prefix(3)) == Array("bcd".utf8))
            #expect(try sealer.payload(of: events[0]) == Array("abc".utf8))
            let attachment = try #require(try log.attachment(of: 1))
            #expect(try sealer.attachment(attachment, of: events[0]) == [1, 2])
            #expect(events[0].attachmentHash == Hash256.of(attachment))
            #expect(try await log.append(request) == .repeated(answer: [5], position: 2))
            #expect(try log.command(scope: "api", key: "k")?.answer == [5])

            var moved = events[1]
            moved.payload = events[0].payload
            #expect(throws: EventStoreError.self) { try sealer.payload(of: moved) }
            #expect(throws: EventStoreError.self) { try sealer.attachment(events[0].payload, of: events[0]) }
            #expect(throws: EventStoreError.self) { try PlainSealer().payload(of: events[0]) }
            var erased = events[0]
            erased.keyID = "erased"
            #expect(try sealer.payload(of: erased) == nil)
        }
    }

    @Test func `keys of intake are forgotten when they are old, those of process managers never`() async throws {
        let directory = try TemporaryDirectory()
        let now = Mutex(Instant(millisecondsSinceEpoch: 1_000))
        let log = try SQLiteEventLog.open(
            .init(directory: directory.path, identity: "test", time: TimeSource { now.withLock { $0 } })
        )
        func append(_ key: String, _ match: CommandKey.Match) async throws -> AppendOutcome {
            let command = CommandKey(scope: "s", key: key, body: [], match: match)
            return try await log.append(AppendRequest(command: command, writes: [make.write(stream(1), .any)]))
        }
        for number in 0..<1_500 { _ = try await append("old \(number)", number % 2 == 0 ? .keyAndBody : .keyAlone) }
        now.withLock { $0 = Instant(millisecondsSinceEpoch: 2_000) }
        _ = try await append("new", .keyAndBody)
        #expect(try await log.forgetCommands(recordedBefore: Instant(millisecondsSinceEpoch: 2_000)) == 750)
        #expect(try log.command(scope: "s", key: "old 0") == nil)
        #expect(try log.command(scope: "s", key: "old 1") != nil)
        #expect(try log.command(scope: "s", key: "new") != nil)
        #expect(try log.verify().isSound)
        // What is forgotten is a new command when it comes again.
        guard case .appended = try await append("old 0", .keyAndBody) else { return #expect(Bool(false), "taken for a repetition") }
        #expect(try log.verify().isSound)
        await log.close()
    }
}
