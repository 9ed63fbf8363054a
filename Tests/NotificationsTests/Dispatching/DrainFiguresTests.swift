import Coordination
import EventStore
import Foundation
import NotificationChannels
import Pathways
import Synchronization
import TestSupport
import Testing
import Timekeeping

@testable import Notifications

private let newsOfEach = ProcessInfo.processInfo.environment["RELAIS_FIGURES"].flatMap { Int64($0) }

/// How fast a backlog in a file is told, and what it costs to count it. `RELAIS_FIGURES=100` measures with 100 news a person.
@Suite(
    "Figures of a backlog",
    .serialized,
    .timeLimit(.minutes(30)),
    .enabled(if: newsOfEach != nil)
)
struct DrainFiguresTests {
    private static let start = Town.at("2026-11-17T14:00:00+01:00")

    @Test("Given a backlog for 200 people, when a channel answers at once, then each is told once", arguments: [1, 50])
    func drain(itemsPerMessage: Int) async throws {
        let directory = try TemporaryDirectory()
        let outbox = try SQLiteOutbox(store: SQLiteReactorStore(path: "\(directory.path)/reactors.sqlite"))
        let people = BigTown.people(200)
        let ledger = try Self.ledger(of: people)
        let newsEach = try #require(newsOfEach)
        for wave in 1...newsEach {
            let news = people.map { (news: Town.news("e\(wave)-\($0)", to: $0, urgency: .urgent), fate: NewsFate?.none) }
            try outbox.take(NewsIntake(position: wave, recordedAt: Self.start, endings: [], news: news))
        }
        let told = Mutex<Set<String>>([])
        let doubles = Mutex(0)
        var options = Dispatcher.Options()
        options.rules.itemsPerMessage = itemsPerMessage
        let messages = Mutex(0)
        let channel = FastChannel { message, _ in
            told.withLock { told in
                for key in message.keys where !told.insert(key).inserted { doubles.withLock { $0 += 1 } }
            }
            messages.withLock { $0 += 1 }
            return .handedOver(receipt: nil)
        }
        let dispatcher = Dispatcher(
            outbox: outbox,
            ledger: ledger,
            renderer: PlainRenderer(),
            book: ChannelBook([.webhook: channel], parallel: [.webhook: 8]),
            table: try Town.table.get(),
            options: options,
            surroundings: .init(
                time: TimeSource { Self.start },
                random: { 1 },
                sleep: { try await Task.sleep(for: .milliseconds($0)) }
            ),
            logger: .silent
        )
        let clock = ContinuousClock()
        let began = clock.now
        let running = Task { await dispatcher.run() }
        while told.withLock({ $0.count }) < people.count * Int(newsEach) { try await Task.sleep(for: .milliseconds(2)) }
        let seconds = (clock.now - began) / .seconds(1)
        running.cancel()
        await running.value
        let count = messages.withLock { $0 }
        print("drained \(count) messages of \(itemsPerMessage) news at most in \(seconds) s: \(Int(Double(count) / seconds)) messages/s")
        #expect(doubles.withLock { $0 } == 0)
    }

    @Test("Given news of 2,000 people of which half were told, when they are counted, then the figures are right")
    func counting() throws {
        let directory = try TemporaryDirectory()
        let outbox = try SQLiteOutbox(store: SQLiteReactorStore(path: "\(directory.path)/reactors.sqlite"))
        let people = BigTown.people(2_000)
        let newsEach = try #require(newsOfEach)
        for wave in 1...newsEach {
            let news = people.map { (news: Town.news("e\(wave)-\($0)", to: $0, urgency: .urgent), fate: NewsFate?.none) }
            try outbox.take(NewsIntake(position: wave, recordedAt: Self.start, endings: [], news: news))
            guard wave <= newsEach / 2 else { continue }
            for item in news {
                let message = OutboxMessage(
                    recipient: item.news.key.recipient,
                    urgency: .urgent,
                    reminder: 0,
                    madeAt: Self.start,
                    position: wave,
                    items: [item.news],
                    delivery: Delivery(.waiting(until: Self.start))
                )
                try outbox.form(message)
                try outbox.save(Delivery(.handedOver(by: .webhook, receipt: nil, at: Self.start)), of: message.id)
                try outbox.save(Delivery(.settled), of: message.id)
            }
        }
        let clock = ContinuousClock()
        let times = try (0..<5).map { _ in
            let began = clock.now
            let counts = try outbox.counts(at: Self.start)
            #expect(counts.waiting == 2_000 * (newsEach - newsEach / 2) && counts.stranded == 0 && counts.oldest == Self.start)
            return (clock.now - began) / .milliseconds(1)
        }
        print("counted in \(times) ms")
    }

    private static func ledger(of people: [String]) throws -> MemoryLedger {
        let ledger = MemoryLedger(try Town.state(yaml: BigTown.yaml(people)))
        for (index, rpps) in people.enumerated() {
            let wish = ChannelsSet(
                recipient: rpps,
                channels: [ChannelAddress(kind: .webhook, address: "https://live\(index % 40).example/\(rpps)")],
                by: Attribution(rpps: rpps, capacity: .professional)
            )
            ledger.add(.channelsSet(wish), of: rpps)
        }
        return ledger
    }
}
