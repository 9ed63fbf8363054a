import Timekeeping

/// Tells how the followers of this process fare: to those who ask here, and every few seconds to a store that other processes read.
///
/// It runs beside the followers, so that one that hangs is still reported, as hanging.
public struct FollowerReporter: Sendable {
    /// A follower to report on.
    public struct Source: Sendable {
        let status: @Sendable () -> FollowerStatus
        let parked: @Sendable () throws -> Int64

        /// - Parameter parked: how many events it has parked.
        public init(status: @escaping @Sendable () -> FollowerStatus, parked: @escaping @Sendable () throws -> Int64 = { 0 }) {
            self.status = status
            self.parked = parked
        }
    }

    /// Milliseconds between two rows.
    public static let interval: Int64 = 5_000

    private let sources: [Source]
    private let store: any FollowerReportStore
    private let surroundings: FollowerRunner.Surroundings

    public init(_ sources: [Source], store: any FollowerReportStore, surroundings: FollowerRunner.Surroundings = .system) {
        self.sources = sources
        self.store = store
        self.surroundings = surroundings
    }

    /// As of now.
    public func reports() throws -> [FollowerReport] {
        let now = surroundings.time.now()
        return try sources.map { FollowerReport(status: $0.status(), parked: try $0.parked(), reportedAt: now) }
    }

    /// Writes reports until the task is cancelled, and once more then, so that whoever reads sees that the followers stopped.
    ///
    /// - Parameter failed: told of each report that could not be written; the next one is tried all the same.
    public func run(failed: @Sendable (any Error) -> Void) async {
        while true {
            do { try store.write(try reports()) } catch { failed(error) }
            if Task.isCancelled { return }
            // Cancelled or not, one more report is due.
            try? await surroundings.sleep(Self.interval)
        }
    }
}
