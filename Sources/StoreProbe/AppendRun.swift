import Dispatch
import EventStore
import Synchronization
import Timekeeping

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Appends numbered events, repeating each until it is acknowledged, and says so; follows the log meanwhile.
///
/// Lines: `MS opened EPOCH POSITION`, `MS ack NUMBER`, `MS refused CODE NUMBER`, `MS health accepting|refusing CODE ATTEMPTS|closed CODE`,
/// `MS followed POSITION`, `MS closed`.
struct AppendRun {
    private static let pauseAfterRefusal = Duration.milliseconds(20)

    let directory: String
    let writers: Int

    func run() async throws {
        let log = try SQLiteEventLog.open(.init(directory: directory, identity: StoreProbe.identity))
        let head = try log.head()
        Output.event("opened \(head.epoch) \(head.position)")
        let numbers = Numbers(after: Int(head.position))
        let watching = Task.detached {
            for await health in log.healthChanges() { Output.event("health \(Self.words(health))") }
        }
        let following = Task.detached(priority: .utility) { try await FollowerRunner(Sayer(), of: log).run() }
        let appending = Task.detached {
            await withTaskGroup(of: Void.self) { group in
                for writer in 0..<writers {
                    group.addTask { await Self.append(to: log, as: UInt64(writer), ProbeEvents()) { numbers.next() } }
                }
            }
        }
        await Self.endOfInput()
        appending.cancel()
        await appending.value
        following.cancel()
        _ = try? await following.value
        await log.close()
        await watching.value
        Output.event("closed")
    }

    private static func append(to log: SQLiteEventLog, as writer: UInt64, _ events: ProbeEvents, next: @Sendable () -> Int) async {
        while !Task.isCancelled {
            let number = next()
            while !Task.isCancelled {
                do {
                    _ = try await log.append(try events.request(number, stream: writer))
                    Output.event("ack \(number)")
                    break
                } catch {
                    Output.event("refused \((error as? EventStoreError)?.code.description ?? "unknown") \(number)")
                    try? await Task.sleep(for: pauseAfterRefusal)
                }
            }
        }
    }

    private static func words(_ health: LogHealth) -> String {
        switch health {
        case .accepting: "accepting"
        case .refusing(_, let reason, let attempts): "refusing \(reason.code) \(attempts) \(reason.message)"
        case .closed(let reason): "closed \(reason.code) \(reason.message)"
        }
    }

    private static func endOfInput() async {
        await withCheckedContinuation { continuation in
            DispatchQueue.global().async {
                var byte: UInt8 = 0
                while read(STDIN_FILENO, &byte, 1) > 0 {}
                continuation.resume()
            }
        }
    }
}

/// Hands out each number once.
private final class Numbers: Sendable {
    private let last: Mutex<Int>

    init(after number: Int) { last = Mutex(number) }

    func next() -> Int {
        last.withLock { last in
            last += 1
            return last
        }
    }
}

/// Says how far it followed, without keeping anything.
private struct Sayer: Follower {
    let name = "sayer"

    func loadCheckpoint() async throws -> FollowerCheckpoint { .start }

    func handle(_ page: EventPage) async throws {
        Output.event("followed \(page.checkpoint.position)")
    }
}
