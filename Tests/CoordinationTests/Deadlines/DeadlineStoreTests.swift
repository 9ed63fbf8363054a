import Coordination
import EventStore
import TestSupport
import Testing
import Timekeeping

/// The contract of all deadline stores.
@Suite struct DeadlineStoreTests {
    enum Kind: CaseIterable, CustomTestStringConvertible {
        case memory
        case sqlite

        var testDescription: String { self == .memory ? "in memory" : "SQLite" }

        func make(in directory: TemporaryDirectory) throws -> any DeadlineStore {
            switch self {
            case .memory: InMemoryDeadlineStore()
            case .sqlite: SQLiteDeadlineStore(store: try SQLiteReactorStore(path: "\(directory.path)/reactors.sqlite"))
            }
        }
    }

    private static let start = World.start
    private static func stream(_ number: UInt8) -> StreamID { StreamID(bytes: [UInt8](repeating: number, count: 16)) ?? World.streams.territory }
    private func after(_ minutes: Int64) -> Instant { Self.start.adding(minutes: minutes) }

    private func due(_ store: any DeadlineStore, _ minutes: Int64, limit: Int = 100, excluding: Set<StreamID> = []) throws -> [StreamID] {
        try store.due(at: after(minutes), limit: limit, excluding: excluding).map(\.stream)
    }

    @Test(arguments: Kind.allCases)
    func anEmptyStoreHasNothingDue(kind: Kind) throws {
        let store = try kind.make(in: try TemporaryDirectory())
        #expect(try due(store, 1_000) == [])
        #expect(try store.next() == nil)
        try store.set(nil, for: Self.stream(1), asOf: 1)
        try store.ringAll(at: Self.start)
        #expect(try store.next() == nil)
    }

    @Test(arguments: Kind.allCases)
    func timersRingInTheirOrder(kind: Kind) throws {
        let store = try kind.make(in: try TemporaryDirectory())
        for (number, minutes) in [(5, 30), (1, 10), (4, 20), (3, 20), (2, 40)] {
            try store.set(after(Int64(minutes)), for: Self.stream(UInt8(number)), asOf: 1)
        }
        #expect(try store.next() == after(10))
        #expect(try due(store, 9) == [])
        #expect(try due(store, 10) == [1].map(Self.stream))
        #expect(try due(store, 30) == [1, 3, 4, 5].map(Self.stream))
        // Looking takes nothing away.
        #expect(try due(store, 30, limit: 2) == [1, 3].map(Self.stream))
        #expect(try due(store, 30, limit: 2, excluding: [Self.stream(1), Self.stream(4)]) == [3, 5].map(Self.stream))
        #expect(try due(store, 30) == [1, 3, 4, 5].map(Self.stream))
        #expect(try store.next() == after(10))
    }

    @Test(arguments: Kind.allCases)
    func aTimerIsSetAnewAndCleared(kind: Kind) throws {
        let store = try kind.make(in: try TemporaryDirectory())
        let stream = Self.stream(1)
        try store.set(after(10), for: stream, asOf: 1)
        try store.set(after(50), for: stream, asOf: 2)
        #expect(try due(store, 49) == [])
        try store.set(after(10), for: stream, asOf: 3)
        try store.set(after(10), for: stream, asOf: 4)
        #expect(try store.due(at: after(10), limit: 5, excluding: []) == [PathwayTimer(stream: stream, due: after(10), version: 4)])
        try store.set(nil, for: stream, asOf: 5)
        #expect(try store.next() == nil)
        #expect(try due(store, 1_000) == [])
    }

    /// Two tasks may set it in another order than what they saw.
    @Test(arguments: Kind.allCases, [Int64(5), 10, 90])
    func whatWasSeenEarlierDoesNotCount(kind: Kind, minutes: Int64) throws {
        let store = try kind.make(in: try TemporaryDirectory())
        let stream = Self.stream(1)
        try store.set(after(20), for: stream, asOf: 7)
        try store.set(after(minutes), for: stream, asOf: 6)
        try store.set(nil, for: stream, asOf: 6)
        #expect(try store.due(at: after(1_000), limit: 5, excluding: []) == [PathwayTimer(stream: stream, due: after(20), version: 7)])
        // The same instant seen later counts as seen later.
        try store.set(after(20), for: stream, asOf: 9)
        try store.set(after(minutes), for: stream, asOf: 8)
        #expect(try store.next() == after(20))
    }

    @Test(arguments: Kind.allCases)
    func aTimerThatRangIsReplacedUnlessItWasSetMeanwhile(kind: Kind) throws {
        let store = try kind.make(in: try TemporaryDirectory())
        let stream = Self.stream(1)
        try store.set(after(10), for: stream, asOf: 1)
        let rung = try #require(try store.due(at: after(10), limit: 1, excluding: []).first)
        try store.replace(rung, by: after(60), asOf: 2)
        #expect(try store.next() == after(60))
        // It has rung already.
        try store.replace(rung, by: after(99), asOf: 3)
        try store.replace(rung, by: nil, asOf: 3)
        #expect(try store.next() == after(60))
        let again = try #require(try store.due(at: after(60), limit: 1, excluding: []).first)
        try store.set(after(5), for: stream, asOf: 3)
        try store.replace(again, by: nil, asOf: 4)
        #expect(try store.next() == after(5))
        try store.replace(PathwayTimer(stream: stream, due: after(5), version: 3), by: nil, asOf: 4)
        #expect(try store.next() == nil)
        // A log that was restored begins anew with small versions: whatever rings is replaced.
        try store.set(after(10), for: stream, asOf: 50)
        try store.replace(PathwayTimer(stream: stream, due: after(10), version: 50), by: after(20), asOf: 2)
        #expect(try store.next() == after(20))
    }

    @Test(arguments: Kind.allCases)
    func allOfThemRingWhenTheRulesChange(kind: Kind) throws {
        let store = try kind.make(in: try TemporaryDirectory())
        for (number, minutes) in [(1, -10), (2, 100), (3, 5_000)] {
            try store.set(after(Int64(minutes)), for: Self.stream(UInt8(number)), asOf: 3)
        }
        try store.ringAll(at: after(0))
        #expect(try due(store, 0) == [1, 2, 3].map(Self.stream))
        #expect(try store.next() == after(-10))
        try store.set(after(100), for: Self.stream(2), asOf: 3)
        #expect(try due(store, 0) == [1, 3].map(Self.stream))
    }

    @Test(arguments: Kind.allCases)
    func allOfThemAreReadPageByPage(kind: Kind) throws {
        let store = try kind.make(in: try TemporaryDirectory())
        #expect(try store.timers(after: nil, limit: 2) == [])
        for (number, minutes) in [(5, 30), (1, 5_000), (4, -20), (0, 20), (255, 40)] {
            try store.set(after(Int64(minutes)), for: Self.stream(UInt8(number)), asOf: 7)
        }
        var found: [PathwayTimer] = []
        while true {
            let page = try store.timers(after: found.last?.stream, limit: 2)
            #expect(page.count <= 2)
            if page.isEmpty { break }
            found += page
            // One that is set anew on the way is neither lost nor read twice.
            try store.set(after(1), for: Self.stream(4), asOf: 8)
        }
        #expect(found.map(\.stream) == [0, 1, 4, 5, 255].map(Self.stream))
        #expect(found.first == PathwayTimer(stream: Self.stream(0), due: after(20), version: 7))
    }

    /// Against a model that sorts: seeded, the seed is in the failure.
    @Test(arguments: Kind.allCases, UInt64(1)...4)
    func anyHistoryRingsAsAModelDoes(kind: Kind, seed: UInt64) throws {
        let store = try kind.make(in: try TemporaryDirectory())
        var chance = SplitMix64(seed: seed)
        var model: [StreamID: PathwayTimer] = [:]
        for step in 1...400 {
            let stream = Self.stream(UInt8.random(in: 0..<12, using: &chance))
            let due = Int.random(in: 0..<5, using: &chance) == 0 ? nil : after(Int64.random(in: 0..<30, using: &chance))
            if Bool.random(using: &chance), let timer = model[stream] {
                try store.replace(timer, by: due, asOf: timer.version + 1)
                model[stream] = due.map { PathwayTimer(stream: stream, due: $0, version: timer.version + 1) }
            } else {
                let version = Int64.random(in: 1..<40, using: &chance)
                try store.set(due, for: stream, asOf: version)
                if (model[stream]?.version ?? 0) <= version { model[stream] = due.map { PathwayTimer(stream: stream, due: $0, version: version) } }
            }
            let now = after(Int64.random(in: 0..<30, using: &chance))
            let limit = Int.random(in: 1..<8, using: &chance)
            let expected = model.values.filter { $0.due <= now }.sorted { ($0.due, $0.stream) < ($1.due, $1.stream) }.prefix(limit)
            #expect(try store.due(at: now, limit: limit, excluding: []) == Array(expected), "seed \(seed), step \(step)")
            #expect(try store.next() == model.values.map(\.due).min(), "seed \(seed), step \(step)")
        }
    }

    @Test func timersSurviveARestart() throws {
        let directory = try TemporaryDirectory()
        let path = "\(directory.path)/reactors.sqlite"
        try SQLiteDeadlineStore(store: try SQLiteReactorStore(path: path)).set(after(10), for: Self.stream(1), asOf: 4)
        let again = SQLiteDeadlineStore(store: try SQLiteReactorStore(path: path))
        #expect(try again.due(at: after(10), limit: 5, excluding: []) == [PathwayTimer(stream: Self.stream(1), due: after(10), version: 4)])
    }
}
