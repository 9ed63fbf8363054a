import EventStore
import Synchronization
import Testing

/// A value that tasks wait for.
@Suite struct AwaitedTests {
    private final class Noted<Value: Sendable>: Sendable {
        private let state: Mutex<Value>

        init(_ value: Value) { state = Mutex(value) }

        var value: Value { state.withLock { $0 } }

        func change(_ body: (inout Value) -> Void) { state.withLock { body(&$0) } }
    }

    @Test("Who waits for what is so already does not wait")
    func already() async throws {
        let number = Awaited(7)
        #expect(try await number.wait { $0 > 6 } == 7)
        #expect(number.value == 7)
    }

    @Test("Each change wakes those who waited for it, and nobody else")
    func woken() async throws {
        let number = Awaited(0)
        let order = Noted<[Int]>([])
        try await withThrowingTaskGroup(of: Void.self) { group in
            for aim in [3, 1, 2] {
                group.addTask {
                    let seen = try await number.wait { $0 >= aim }
                    order.change { $0.append(aim) }
                    #expect(seen == aim)
                }
            }
            for step in 1...3 {
                number.change { $0 = step }
                while order.value.count < step { await Task.yield() }
            }
            try await group.waitForAll()
        }
        #expect(order.value == [1, 2, 3])
    }

    @Test("Who is cancelled waits no longer, before or after they began", arguments: [false, true])
    func cancelled(isWaiting: Bool) async throws {
        let number = Awaited(0)
        let looks = Noted(0)
        let task = Task {
            try await number.wait { number in
                looks.change { $0 += 1 }
                return number > 0
            }
        }
        if isWaiting { while looks.value == 0 { await Task.yield() } }
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
        let seen = looks.value
        number.change { $0 = 1 }
        // Nobody is left to look.
        #expect(looks.value == seen)
    }

    @Test("Many who wait, come late and are cancelled all come to an end", arguments: [UInt64(1), 2, 3])
    func many(seed: UInt64) async throws {
        let number = Awaited(0)
        let ended = Noted(0)
        await withTaskGroup(of: Void.self) { group in
            for index in 0..<300 {
                let task = Task {
                    _ = try? await number.wait { $0 > index / 3 }
                    ended.change { $0 += 1 }
                }
                if (UInt64(index) &* 7 &+ seed) % 3 == 0 { group.addTask { task.cancel() } }
                group.addTask { await task.value }
                if index % 10 == 0 { number.change { $0 += 10 } }
            }
            number.change { $0 = 1_000 }
        }
        #expect(ended.value == 300)
    }
}
