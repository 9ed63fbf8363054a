import EventStore
import Kafka
import Logging
import Streaming

extension Patience {
    private static let beginning = Patience(BackOff(first: 200, longest: 5_000))

    /// Does what must be done before anything else can begin: until it is done, or cancelled.
    ///
    /// - Parameter what: cannot be used, for operators.
    /// - Throws: `CancellationError`; what trying again would not mend.
    static func untilDone<Value>(_ what: String, _ logger: Logger, _ body: () async throws -> Value) async throws -> Value {
        try await beginning.untilDone(body) { error, failures in
            if let error = error as? KafkaError, error.code == .invalidConfiguration { throw error }
            logger.warning("\(what) cannot be used yet", metadata: ["reason": "\(error)", "failures": "\(failures)"])
        }
    }
}

extension Result where Failure == any Error {
    /// What came of something that is to be cleared away after.
    init(_ body: () async throws -> Success) async {
        do { self = .success(try await body()) } catch { self = .failure(error) }
    }
}
