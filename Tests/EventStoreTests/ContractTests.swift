import TestSupport
import Testing
import Timekeeping

@testable import EventStore

/// What every event log must do.
@Suite struct ContractTests {
    let make = Maker()

    // MARK: Versions

    @Test(arguments: LogKind.allCases)
    func `an append gives gapless positions and versions`(kind: LogKind) async throws {
        try await kind.withLog { log in
            let first = try await log.append(AppendRequest(writes: [make.write(stream(1), .noStream, count: 3)]))
            let second = try await log.append(
                AppendRequest(writes: [make.write(stream(1), .exactly(3), count: 2), make.write(stream(2), .noStream)])
            )
            guard case .appended(let one) = first, case .appended(let two) = second else { return #expect(Bool(false)) }
            #expect(one.firstPosition == 1 && one.position == 3 && one.versions == [3])
            #expect(two.firstPosition == 4 && two.position == 6 && two.versions == [5, 1])
            let all = try log.read(after: 0, limit: 100)
            #expect(all.map(\.position) == [1, 2, 3, 4, 5, 6])
            #expect(all.map(\.version) == [1, 2, 3, 4, 5, 1])
            #expect(try log.version(of: stream(1)) == 5)
            #expect(try log.version(of: stream(9)) == 0)
        }
    }

    @Test(arguments: LogKind.allCases, [ExpectedVersion.noStream, .exactly(0), .exactly(1), .exactly(3)])
    func `another version than expected is a typed conflict`(kind: LogKind, expected: ExpectedVersion) async throws {
        try await kind.withLog { log in
            _ = try await log.append(AppendRequest(writes: [make.write(stream(1), .noStream, count: 2)]))
            let error = await #expect(throws: EventStoreError.self) {
                _ = try await log.append(AppendRequest(writes: [make.write(stream(1), expected)]))
            }
            #expect(error?.code == .wrongExpectedVersion)
            #expect(error?.facts.stream == stream(1))
            #expect(error?.facts.expected == expected)
            #expect(error?.facts.actualVersion == 2)
            #expect(try log.head().position == 2)
        }
    }

    @Test(arguments: LogKind.allCases)
    func `writes to several streams are all or nothing`(kind: LogKind) async throws {
        try await kind.withLog { log in
            _ = try await log.append(AppendRequest(writes: [make.write(stream(1), .noStream)]))
            let refused = await code {
                _ = try await log.append(AppendRequest(writes: [make.write(stream(2), .noStream), make.write(stream(1), .noStream)]))
            }
            #expect(refused == .wrongExpectedVersion)
            #expect(try log.version(of: stream(2)) == 0)
            #expect(try log.read(stream: stream(2), fromVersion: 1, limit: 10).isEmpty)
            #expect(try log.head().position == 1)
        }
    }

    @Test(arguments: LogKind.allCases)
    func `a write without events only checks`(kind: LogKind) async throws {
        try await kind.withLog { log in
            _ = try await log.append(AppendRequest(writes: [make.write(stream(1), .noStream)]))
            let check = StreamWrite(stream: stream(1), expected: .exactly(1), events: [])
            let outcome = try await log.append(AppendRequest(writes: [check, make.write(stream(2), .noStream)]))
            guard case .appended(let receipt) = outcome else { return #expect(Bool(false)) }
            #expect(receipt.versions == [1, 1])
            let stale = StreamWrite(stream: stream(1), expected: .exactly(4), events: [])
            #expect(await code { _ = try await log.append(AppendRequest(writes: [stale, make.write(stream(2))])) } == .wrongExpectedVersion)
        }
    }

    @Test(arguments: LogKind.allCases)
    func `what contradicts itself is refused`(kind: LogKind) async throws {
        try await kind.withLog { log in
            func refusal(_ request: AppendRequest) async -> EventStoreError.Code? { await code { _ = try await log.append(request) } }
            #expect(await refusal(AppendRequest(writes: [make.write(stream(1)), make.write(stream(1))])) == .invalidRequest)
            for length in [0, 4000, 70_000] {
                let event = make.event(type: String(repeating: "x", count: length))
                let write = StreamWrite(stream: stream(1), expected: .any, events: [event])
                #expect(await refusal(AppendRequest(writes: [write])) == .invalidEvent)
            }
            let key = CommandKey(scope: "s", key: "k", body: [], match: .keyAlone)
            #expect(await refusal(AppendRequest(command: key, writes: [], answer: [1])) == .invalidRequest)
            let head = try log.head()
            #expect(head.position == 0)
        }
    }

    @Test(arguments: LogKind.allCases)
    func `an event id is used once`(kind: LogKind) async throws {
        try await kind.withLog { log in
            let event = make.event()
            _ = try await log.append(AppendRequest(writes: [StreamWrite(stream: stream(1), expected: .any, events: [event])]))
            let again = AppendRequest(writes: [StreamWrite(stream: stream(2), expected: .any, events: [make.event(), event])])
            #expect(await code { _ = try await log.append(again) } == .duplicateEventID)
            #expect(try log.version(of: stream(2)) == 0)
            _ = try await log.append(AppendRequest(writes: [make.write(stream(2), .noStream)]))
            #expect(try log.read(after: 0, limit: 10).map(\.position) == [1, 2])
        }
    }

    // MARK: Reading

    @Test(arguments: LogKind.allCases)
    func `an event is read as it was written`(kind: LogKind) async throws {
        let clock = ManualClock(1_795_336_260_123)
        try await kind.withLog(time: clock.source) { log in
            let cause = make.ids.next()
            let full = NewEvent(
                id: make.ids.next(),
                type: "fr.relais.test.été.v1",
                source: "urn:finess:850000084",
                time: Instant(millisecondsSinceEpoch: -5, offsetMinutes: -90),
                actor: "urn:rpps:10003456789",
                causation: cause,
                correlation: cause,
                payload: [0, 1, 2, 255],
                attachment: [9, 8, 7]
            )
            let bare = NewEvent(id: make.ids.next(), type: "other", source: "x", time: make.time, payload: [])
            _ = try await log.append(AppendRequest(writes: [StreamWrite(stream: stream(7), expected: .noStream, events: [full, bare])]))
            let events = try log.read(after: 0, limit: 2)
            try #require(events.count == 2)
            #expect(events[0].id == full.id && events[0].type == full.type && events[0].source == full.source)
            #expect(events[0].time == full.time && events[0].time.offsetMinutes == -90)
            #expect(events[0].recordedAt == Instant(millisecondsSinceEpoch: 1_795_336_260_123))
            #expect(events[0].actor == full.actor && events[0].causation == cause && events[0].correlation == cause)
            #expect(events[0].payload == full.payload && events[0].attachmentHash == Hash256.of([9, 8, 7]))
            #expect(events[0].stream == stream(7) && events[0].keyID == nil)
            #expect(events[1].actor == nil && events[1].causation == nil && events[1].correlation == nil)
            #expect(events[1].attachmentHash == nil && events[1].payload.isEmpty)
            #expect(try log.attachment(of: 1) == [9, 8, 7])
            #expect(try log.attachment(of: 2) == nil)
            for event in events { #expect(try LeafEntry(of: event, logIdentity: log.identity).leafHash == event.leafHash) }
        }
    }

    @Test(arguments: LogKind.allCases)
    func `pages follow one another without overlap`(kind: LogKind) async throws {
        try await kind.withLog { log in
            for number in 0..<7 { _ = try await log.append(AppendRequest(writes: [make.write(stream(UInt64(number % 2)), count: 3)])) }
            var seen: [Int64] = []
            while true {
                let page = try log.read(after: seen.last ?? 0, limit: 4)
                guard !page.isEmpty else { break }
                #expect(page.count <= 4)
                seen += page.map(\.position)
            }
            #expect(seen == Array(1...21))
            #expect(try log.read(stream: stream(0), fromVersion: 3, limit: 4).map(\.version) == [3, 4, 5, 6])
            #expect(try log.read(stream: stream(1), fromVersion: 9, limit: 4).map(\.version) == [9])
            #expect(try log.read(stream: stream(5), fromVersion: 1, limit: 4).isEmpty)
            #expect(try log.read(after: 0, limit: 0).isEmpty && log.read(after: 0, limit: -1).isEmpty)
            #expect(try log.read(after: .max, limit: 5).isEmpty)
            #expect(try log.read(after: .min, limit: 2).map(\.position) == [1, 2])
            #expect(try log.read(stream: stream(0), fromVersion: .min, limit: 1).map(\.version) == [1])
            var walked: [Int64] = []
            try log.forEachEvent(after: 5, through: 9) { walked.append($0.position) }
            #expect(walked == [6, 7, 8, 9])
        }
    }

    @Test(arguments: LogKind.allCases)
    func `recorded times never go back`(kind: LogKind) async throws {
        let clock = ManualClock(1000)
        try await kind.withLog(time: clock.source) { log in
            for time: Int64 in [1000, 500, 2000, 1] {
                clock.set(time)
                _ = try await log.append(AppendRequest(writes: [make.write(stream(1))]))
            }
            #expect(try log.read(after: 0, limit: 9).map(\.recordedAt.millisecondsSinceEpoch) == [1000, 1000, 2000, 2000])
        }
    }

    @Test func `both logs give the same leaves and root`() async throws {
        var heads: [LogHead] = []
        for kind in LogKind.allCases {
            let make = Maker(seed: 5)
            heads.append(
                try await kind.withLog(time: .fixed(make.time)) { log in
                    for number in 0..<13 {
                        let event = make.event("\(number)", attachment: number % 3 == 0 ? [UInt8(number)] : nil)
                        _ = try await log.append(AppendRequest(writes: [StreamWrite(stream: stream(1), expected: .any, events: [event])]))
                    }
                    return try log.head()
                }
            )
        }
        #expect(heads[0].rootHash == heads[1].rootHash)
        #expect(heads[0].position == 13)
    }

    // MARK: Concurrency

    @Test(arguments: LogKind.allCases)
    func `concurrent appends leave no gap, and a refused one no trace`(kind: LogKind) async throws {
        try await kind.withLog { log in
            let refused = try await withThrowingTaskGroup(of: Int.self) { group in
                for task in 0..<24 {
                    group.addTask {
                        let make = Maker(seed: UInt64(100 + task))
                        var refused = 0
                        for round in 0..<10 {
                            // Every third task expects what cannot be.
                            let expected: ExpectedVersion = task % 3 == 0 ? .exactly(999) : .exactly(Int64(round))
                            let result = await code {
                                _ = try await log.append(AppendRequest(writes: [make.write(stream(UInt64(task)), expected)]))
                            }
                            if result == .wrongExpectedVersion { refused += 1 } else { #expect(result == nil) }
                        }
                        return refused
                    }
                }
                return try await group.reduce(0, +)
            }
            #expect(refused == 80)
            let events = try log.read(after: 0, limit: 1000)
            #expect(events.map(\.position) == Array(1...160))
            for number in 0..<24 {
                let versions = try log.read(stream: stream(UInt64(number)), fromVersion: 1, limit: 100).map(\.version)
                #expect(versions == (number % 3 == 0 ? [] : Array(1...10)))
            }
        }
    }

    @Test(arguments: LogKind.allCases)
    func `of concurrent decisions on one version, one wins`(kind: LogKind) async throws {
        try await kind.withLog { log in
            let won = try await withThrowingTaskGroup(of: Bool.self) { group in
                for task in 0..<32 {
                    group.addTask {
                        let write = Maker(seed: UInt64(task + 9)).write(stream(1), .noStream)
                        return await code { _ = try await log.append(AppendRequest(writes: [write])) } == nil
                    }
                }
                return try await group.reduce(0) { $0 + ($1 ? 1 : 0) }
            }
            #expect(won == 1)
            #expect(try log.head().position == 1)
        }
    }

    @Test(arguments: LogKind.allCases)
    func `waiting for a commit ends with it, with cancellation and with the log`(kind: LogKind) async throws {
        try await kind.withLog { log in
            _ = try await log.append(AppendRequest(writes: [make.write(stream(1))]))
            #expect(try await log.nextCommit(after: 0) == 1)
            async let next = log.nextCommit(after: 1)
            _ = try await log.append(AppendRequest(writes: [make.write(stream(1))]))
            #expect(try await next == 2)

            let cancelled = Task { try await log.nextCommit(after: 99) }
            cancelled.cancel()
            await #expect(throws: CancellationError.self) { try await cancelled.value }

            let closed = Task { try await log.nextCommit(after: 99) }
            await log.close()
            #expect(await code { _ = try await closed.value } == .closed)
            #expect(await code { _ = try await log.append(AppendRequest(writes: [])) } == .closed)
            #expect(await code { _ = try log.read(after: 0, limit: 1) } == .closed)
        }
    }
}
