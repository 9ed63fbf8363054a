public import EventStore

/// Tries again what fails, after pauses that grow with the failures in a row, for as long as it takes.
public struct Patience: Sendable {
    /// An attempt that went on for so long was none of a row of failures.
    private static let steady = Duration.seconds(60)

    private let backOff: BackOff
    private let random: @Sendable () -> UInt64
    private let pause: @Sendable (Int64) async throws -> Void

    /// - Parameters:
    ///   - backOff: between attempts.
    ///   - random: uniformly distributed.
    ///   - pause: suspends for some milliseconds; throws `CancellationError` only.
    public init(
        _ backOff: BackOff,
        random: @escaping @Sendable () -> UInt64 = { .random(in: .min ... .max) },
        pause: @escaping @Sendable (Int64) async throws -> Void = { try await Task.sleep(for: .milliseconds($0)) }
    ) {
        self.backOff = backOff
        self.random = random
        self.pause = pause
    }

    /// Until it is done, or the task is cancelled.
    ///
    /// - Parameters:
    ///   - attempt: leaves nothing open when it throws.
    ///   - hasProgressed: whether the attempt that failed got anywhere, by how long it went on: then its failure is the first of a row. nil:
    ///     one of a minute did.
    ///   - onFailure: tells of it, with the number of failures in a row. Throws what trying again would not mend.
    /// - Throws: `CancellationError`; what `onFailure` throws.
    public func untilDone<Value>(
        _ attempt: () async throws -> Value,
        hasProgressed: ((Duration) -> Bool)? = nil,
        onFailure: (_ error: any Error, _ failures: Int) throws -> Void
    ) async throws -> Value {
        var failures = 0
        while true {
            let began = ContinuousClock.now
            do {
                return try await attempt()
            } catch {
                // What fails because all is to end is no failure.
                try Task.checkCancellation()
                let lasted = .now - began
                failures = hasProgressed?(lasted) ?? (lasted > Self.steady) ? 1 : failures + 1
                try onFailure(error, failures)
                try await pause(backOff.pause(afterFailures: failures, chance: random()))
            }
        }
    }
}
