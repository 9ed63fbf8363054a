import Foundation
import Hummingbird
import HummingbirdTesting
import Logging
import NIOCore
import Notifications
import Pathways
import ServiceLifecycle
import Synchronization
import Testing

@testable import Web

@Suite struct NewsFeedStreamTests {
    private static let nurse = TestTerritory.nurse
    private let logger = Logger(label: "web") { _ in SwiftLogNoOpLogHandler() }

    // MARK: - In process

    /// Takes so many buffers, then is cut.
    private struct CutWriter: ResponseBodyWriter {
        struct Cut: Error {}

        let taken: Taken
        let limit: Int

        mutating func write(_ buffer: ByteBuffer) async throws {
            guard taken.count < limit else { throw Cut() }
            taken.take(buffer)
        }

        consuming func finish(_ trailingHeaders: HTTPFields?) async throws {}
    }

    private final class Taken: Sendable {
        private let state = Mutex((count: 0, parser: EventStreamParser()))

        var count: Int { state.withLock { $0.count } }
        var parser: EventStreamParser { state.withLock { $0.parser } }

        func take(_ buffer: ByteBuffer) {
            state.withLock { state in
                state.count += 1
                state.parser.take(text: buffer.readableBytesView)
            }
        }
    }

    @Test(arguments: [1, 2, 3] as [UInt64]) func aHundredCutsLoseNothingAndRepeatNothing(seed: UInt64) async throws {
        let notifier = TestNotifier(pace: NewsFeedPace(look: .microseconds(200), looksPerBeat: 2))
        let house = try await House(notifier: notifier)
        let reader = NewsFeedReader(notifications: try #require(house.services.notifications), rpps: Self.nurse)
        var chance = SplitMix(seed)
        var formed: [String] = []
        var heard: [EventStreamParser.Event] = []
        let written = Mutex<[String]>([])
        for cut in 0..<100 {
            for _ in 0..<chance.next(below: 4) { formed.append(notifier.form(["e\(formed.count)"], to: Self.nurse)) }
            let start = try heard.last.map { try #require(NewsFeedCursor($0.id)) } ?? .start
            let stream = NewsFeedStream(reader: reader, start: start) { entry in written.withLock { $0.append(entry.message) } }
            let taken = Taken()
            var writer: any ResponseBodyWriter = CutWriter(taken: taken, limit: chance.next(below: 6))
            await #expect(throws: CutWriter.Cut.self, "seed \(seed), cut \(cut)") { try await stream.run(&writer, until: .init()) }
            heard += taken.parser.events
        }
        let left = try reader.page(after: try heard.last.map { try #require(NewsFeedCursor($0.id)) } ?? .start, limit: 500)
        let all = try heard.map(Self.message) + left.entries.map(\.message)
        #expect(all == formed, "seed \(seed)")
        #expect(formed.count > 100 && heard.count > 50)
        #expect(written.withLock { $0 } == (try heard.map(Self.message)), "what was written, and nothing else, counts as opened")
    }

    @Test func aQuietStreamSaysThatItIsStillThere() async throws {
        let notifier = TestNotifier(pace: NewsFeedPace(look: .microseconds(200), looksPerBeat: 3))
        let house = try await House(notifier: notifier)
        let reader = NewsFeedReader(notifications: try #require(house.services.notifications), rpps: Self.nurse)
        let taken = Taken()
        var writer: any ResponseBodyWriter = CutWriter(taken: taken, limit: 5)
        await #expect(throws: CutWriter.Cut.self) {
            try await NewsFeedStream(reader: reader, start: .start) { _ in }.run(&writer, until: .init())
        }
        #expect(taken.parser.comments == 4 && taken.parser.retry == "3000" && taken.parser.events.isEmpty)
    }

    static func message(_ event: EventStreamParser.Event) throws -> String {
        let object = try #require(try JSONSerialization.jsonObject(with: Data(event.data.utf8)) as? [String: Any])
        #expect(object["cursor"] as? String == event.id && event.name == "news")
        return try #require(object["message"] as? String)
    }

    // MARK: - Over a socket

    /// Hands something out of a closure.
    private final class Held<Value: Sendable>: Sendable {
        private let state = Mutex<Value?>(nil)

        var value: Value? { state.withLock { $0 } }

        func hold(_ value: Value) { state.withLock { $0 = value } }
    }

    /// Runs the server until the body returns, then stops it as an operator does. One that does not stop is ended by the test's time limit.
    private func serve(_ house: House, _ body: @escaping @Sendable (_ port: Int) async throws -> Void) async throws {
        let (ports, promise) = AsyncStream.makeStream(of: Int.self)
        let application = try WebServer.buildApplication(services: house.services, host: "127.0.0.1", port: 0, logger: logger) { port in
            if let port { promise.yield(port) }
            promise.finish()
        }
        let group = ServiceGroup(services: [application], gracefulShutdownSignals: [], logger: logger)
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask { try await group.run() }
            let port = try #require(await ports.first { _ in true })
            try await body(port)
            await group.triggerGracefulShutdown()
            try await tasks.waitForAll()
        }
    }

    @Test(.timeLimit(.minutes(30))) func aClientCutAHundredTimesHearsEverythingOnce() async throws {
        let notifier = TestNotifier()
        let house = try await House(notifier: notifier)
        let seed = UInt64(42)
        try await serve(house) { port in
            let client = EventClient(port: port, rpps: Self.nurse)
            var chance = SplitMix(seed)
            var formed: [String] = []
            var heard: [EventStreamParser.Event] = []
            for cut in 0..<100 {
                for _ in 0...chance.next(below: 3) { formed.append(notifier.form(["e\(formed.count)"], to: Self.nurse)) }
                let enough = chance.next(below: min(3, formed.count - heard.count + 1))
                let part = try await client.listen(after: heard.last?.id) { $0.head != nil && $0.events.count >= enough }
                let head = try #require(part.head)
                #expect(
                    head.hasPrefix("HTTP/1.1 200") && head.lowercased().contains("content-type: text/event-stream"),
                    "cut \(cut): \(head)"
                )
                heard += part.events
            }
            let missing = formed.count - heard.count
            heard += try await client.listen(after: heard.last?.id) { $0.events.count >= missing }.events
            #expect(try heard.map(Self.message) == formed, "seed \(seed)")
        }
    }

    @Test(.timeLimit(.minutes(30))) func aStreamIsEndedWhenTheServerStops() async throws {
        let notifier = TestNotifier(pace: NewsFeedPace(farewell: .seconds(600)))
        let house = try await House(notifier: notifier)
        notifier.form(["e1"], to: Self.nurse)
        let (first, listening) = AsyncStream.makeStream(of: Void.self)
        let client = Held<Task<EventStreamParser, any Error>>()
        try await serve(house) { port in
            client.hold(
                Task {
                    try await EventClient(port: port, rpps: Self.nurse).listen(after: nil) { parser in
                        if !parser.events.isEmpty { listening.finish() }
                        return false
                    }
                }
            )
            for await _ in first {}
        }
        let all = try await #require(client.value).value
        #expect(all.isEnded && all.events.count == 1, "ended, not cut")
    }

    @Test(.timeLimit(.minutes(30))) func whoTakesNothingInDoesNotHoldTheServerUp() async throws {
        let notifier = TestNotifier()
        let house = try await House(notifier: notifier)
        // More than the buffers of a connection hold.
        for number in 0..<400 { notifier.form((0..<150).map { "e\(number)-\($0)" }, to: Self.nurse) }
        let client = Held<Task<Void, any Error>>()
        try await serve(house) { port in
            let (connected, promise) = AsyncStream.makeStream(of: Void.self)
            client.hold(Task { try await EventClient(port: port, rpps: Self.nurse).stall { promise.finish() } })
            for await _ in connected {}
            try await Task.sleep(for: .milliseconds(500))
        }
        client.value?.cancel()
    }

    @Test(.timeLimit(.minutes(30))) func aPlaceIsFreeAgainAsSoonAsTheClientGoes() async throws {
        let notifier = TestNotifier(pace: NewsFeedPace(look: .seconds(1), listenersPerPerson: 2))
        let house = try await House(notifier: notifier)
        notifier.form(["e1"], to: Self.nurse)
        _ = try await serve(house) { port in
            let client = EventClient(port: port, rpps: Self.nurse)
            for _ in 0..<10 {
                let part = try await client.listen(after: nil) { !$0.events.isEmpty }
                #expect(part.events.count == 1, "\(part.head ?? "")")
                try await Task.sleep(for: .milliseconds(20))
            }
        }
    }
}

/// SplitMix64: the same numbers for one seed.
struct SplitMix {
    private var state: UInt64

    init(_ seed: UInt64) { state = seed }

    mutating func next(below bound: Int) -> Int {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = (state ^ (state >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return Int((mixed ^ (mixed >> 31)) % UInt64(max(bound, 1)))
    }
}
