import Logging
import Pathways
import ServiceLifecycle
import Synchronization
import Testing

@testable import Web

@Suite struct OpeningQueueTests {
    private let opening = OpeningQueue.Note.opened(.init(message: NotificationMocks.message, via: .feed))

    @Test func whatIsNotKnownYetIsAskedAgainLater() async {
        let notifier = TestNotifier()
        notifier.state.withLock { $0.answers = [.success(false), .failure(TestNotifier.Trouble()), .success(false)] }
        notifier.queue.take(opening)
        var rounds = 0
        while notifier.queue.waiting > 0, rounds < 100 {
            await notifier.queue.workOff()
            rounds += 1
        }
        #expect(notifier.state.withLock { $0.opened }.map(\.message) == [NotificationMocks.message])
        #expect((5...20).contains(rounds), "the pauses grow: \(rounds)")
    }

    @Test func theSameIsNotedOnce() async {
        let notifier = TestNotifier()
        for _ in 0..<3 {
            for _ in 0..<3 { notifier.queue.take(opening) }
            await notifier.queue.workOff()
        }
        #expect(notifier.state.withLock { $0.opened }.count == 1)
        for _ in 0..<3 {
            for _ in 0..<3 { notifier.queue.take(.sawList(rpps: TestTerritory.nurse)) }
            await notifier.queue.workOff()
        }
        #expect(notifier.state.withLock { $0.lists }.count == 3, "each look is one")
    }

    @Test func itHoldsSoMuchAndNoMore() async {
        let notifier = TestNotifier(limit: 2)
        for number in 0..<5 { notifier.queue.take(.sawList(rpps: "\(number)")) }
        #expect(notifier.queue.waiting == 2 && notifier.queue.dropped == 3)
        await notifier.queue.workOff()
        #expect(notifier.queue.waiting == 0)
    }

    @Test(.timeLimit(.minutes(30))) func whatWasTakenIsNotedBeforeTheServerStops() async throws {
        let notifier = TestNotifier()
        let group = ServiceGroup(
            services: [notifier.queue],
            gracefulShutdownSignals: [],
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        )
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask { try await group.run() }
            notifier.queue.take(opening)
            await group.triggerGracefulShutdown()
            try await tasks.waitForAll()
        }
        #expect(notifier.state.withLock { $0.opened }.count == 1)
    }
}
