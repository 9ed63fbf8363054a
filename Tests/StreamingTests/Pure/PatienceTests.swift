import EventStore
import Streaming
import Synchronization
import Testing

/// What fails is tried again.
@Suite struct PatienceTests {
    private struct Trouble: Error {}
    private struct Lasting: Error {}

    private final class Pauses: Sendable {
        let all = Mutex<[Int64]>([])
    }

    private let pauses = Pauses()

    /// Pauses half of what it may: 100, 200, … milliseconds, 1000 at most.
    private func patience() -> Patience {
        Patience(BackOff(first: 100, longest: 1_000), random: { 0 }, pause: { [pauses] pause in pauses.all.withLock { $0.append(pause) } })
    }

    @Test("What fails is tried again, after pauses that grow, until it is done")
    func growing() async throws {
        var attempts = 0
        var told: [Int] = []
        let result = try await patience().untilDone {
            attempts += 1
            if attempts <= 6 { throw Trouble() }
            return attempts
        } onFailure: { _, failures in
            told.append(failures)
        }
        #expect(result == 7 && told == [1, 2, 3, 4, 5, 6])
        #expect(pauses.all.withLock { $0 } == [50, 100, 200, 400, 500, 500])
    }

    @Test("A failure after progress is the first of a row")
    func progress() async throws {
        var attempts = 0
        var told: [Int] = []
        try await patience().untilDone {
            attempts += 1
            if attempts <= 5 { throw Trouble() }
        } hasProgressed: { _ in
            attempts == 3
        } onFailure: { _, failures in
            told.append(failures)
        }
        #expect(told == [1, 2, 1, 2, 3])
    }

    @Test("What trying again would not mend ends it")
    func lasting() async throws {
        var attempts = 0
        await #expect(throws: Lasting.self) {
            try await patience().untilDone {
                attempts += 1
                if attempts == 2 { throw Lasting() } else { throw Trouble() }
            } onFailure: { error, _ in
                if error is Lasting { throw error }
            }
        }
        #expect(attempts == 2 && pauses.all.withLock { $0.count } == 1)
    }

    @Test("What fails because all is to end is no failure")
    func cancelled() async throws {
        let patience = patience()
        let told = Mutex(0)
        let task = Task {
            try await patience.untilDone {
                while !Task.isCancelled { await Task.yield() }
                throw Trouble()
            } onFailure: { _, _ in
                told.withLock { $0 += 1 }
            }
        }
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
        #expect(told.withLock { $0 } == 0)
    }
}
