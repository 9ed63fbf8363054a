public import EventStore
import Synchronization
import Timekeeping

/// Runs the deadline scheduler until it is cancelled, and tells how it fares as a follower does: one that has stopped, hangs or does nothing
/// but fail is seen by whoever judges the followers.
public final class DeadlineRunner: Sendable {
    public static let name = "deadlines"

    /// Milliseconds between two looks.
    private static let pause: Int64 = 1_000

    private let scheduler: DeadlineScheduler
    private let log: any EventReader
    private let surroundings: FollowerRunner.Surroundings
    private let current = Mutex(FollowerStatus(name: DeadlineRunner.name))

    /// - Parameter log: that of the pathways: a look covers what it holds when the look begins.
    public init(_ scheduler: DeadlineScheduler, of log: any EventReader, surroundings: FollowerRunner.Surroundings = .system) {
        self.scheduler = scheduler
        self.log = log
        self.surroundings = surroundings
    }

    /// How it fares now; its position is the end of the log as the last look found it.
    public var status: FollowerStatus { current.withLock { $0 } }

    /// Looks for what is due, again and again. Trouble is told and tried again; after an outage nothing is waited for until all is met.
    public func run(failed: @Sendable (any Error) -> Void) async {
        defer { update { $0.state = .stopped } }
        var failures = 0
        while !Task.isCancelled {
            do {
                let found = try await look()
                failures = 0
                if found > 0 { continue }
            } catch is CancellationError {
                return
            } catch {
                failures += 1
                note(error, failures)
                failed(error)
            }
            do { try await surroundings.sleep(Self.pause) } catch { return }
        }
    }

    private func look() async throws -> Int {
        let head = try log.head().position
        let begin = surroundings.time.now()
        update { status in
            status.handling = FollowerStatus.Handling(first: head, last: head, since: begin)
            if case .backingOff = status.state { return }
            status.state = .running
        }
        defer { update { $0.handling = nil } }
        let found = try await scheduler.fireDue()
        let end = surroundings.time.now()
        update { status in
            status.state = found > 0 ? .running : .waiting
            status.position = head
            status.heartbeat = end
        }
        return found
    }

    /// The text of an error of the log; of others the type alone, since theirs may quote data.
    private func note(_ error: any Error, _ failures: Int) {
        let now = surroundings.time.now()
        update { status in
            status.state = .backingOff(failures: failures)
            status.lastError = (error as? EventStoreError).map { "\($0)" } ?? "\(type(of: error))"
            status.lastErrorAt = now
        }
    }

    private func update(_ change: (inout FollowerStatus) -> Void) { current.withLock { change(&$0) } }
}
