import EventStore
import Kafka
import Logging

/// Tries again what must be done before anything else can begin.
enum Patience {
    private static let backOff = BackOff(first: 200, longest: 5_000)

    /// Until it is done, or cancelled.
    ///
    /// - Parameter what: cannot be used, for operators.
    /// - Throws: `CancellationError`; what trying again would not mend.
    static func untilDone<Value>(_ what: String, _ logger: Logger, _ body: () async throws -> Value) async throws -> Value {
        var failures = 0
        while true {
            do {
                return try await body()
            } catch let error as KafkaError where error.code == .invalidConfiguration {
                throw error
            } catch let error where !(error is CancellationError) {
                failures += 1
                logger.warning("\(what) cannot be used yet", metadata: ["reason": "\(error)", "failures": "\(failures)"])
                try await Task.sleep(for: .milliseconds(backOff.pause(afterFailures: failures, chance: .random(in: .min ... .max))))
            }
        }
    }
}

extension Result where Failure == any Error {
    /// What came of something that is to be cleared away after.
    init(_ body: () async throws -> Success) async {
        do { self = .success(try await body()) } catch { self = .failure(error) }
    }
}
