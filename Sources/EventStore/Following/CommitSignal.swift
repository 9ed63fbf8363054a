/// Wakes those who wait for the log to grow.
final class CommitSignal: Sendable {
    private struct Reached {
        var position: Int64
        /// Number of the last command recorded.
        var command: Int64
        var closed: EventStoreError?

        func isBeyond(_ position: Int64, _ command: Int64) -> Bool { self.position > position || self.command > command }
    }

    private let reached: Awaited<Reached>

    init(position: Int64, command: Int64 = 0) {
        reached = Awaited(Reached(position: position, command: command))
    }

    /// Suspends until the position is beyond `position`, or the last command beyond `command`.
    ///
    /// - Parameter command: `Int64.max` for whoever waits for events alone.
    func wait(beyond position: Int64, command: Int64 = .max) async throws -> Int64 {
        let reached = try await reached.wait { $0.isBeyond(position, command) || $0.closed != nil }
        if let closed = reached.closed, !reached.isBeyond(position, command) { throw closed }
        return reached.position
    }

    func advance(to position: Int64, command: Int64 = 0) {
        reached.change { reached in
            reached.position = max(reached.position, position)
            reached.command = max(reached.command, command)
        }
    }

    /// Fails all who wait, and all who come.
    func close(with error: EventStoreError) {
        reached.change { $0.closed = $0.closed ?? error }
    }
}
