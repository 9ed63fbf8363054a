import EventStore
import Kafka
import Logging
import Timekeeping

/// How a partner's feed, or the intake, speaks with the brokers: one session after another, for as long as it takes.
struct PartnerLine: Sendable {
    /// From one start to the next; used by one task.
    protocol Session {
        /// Whether anything was done since the start.
        var hasWorked: Bool { get }

        /// Works until something fails.
        mutating func run() async throws -> Never

        /// Lets go of what it opened.
        mutating func end() async
    }

    let configuration: KafkaConfiguration
    let transactionalID: String
    let settings: PartnerSettings
    let status: PartnerStatus
    let time: TimeSource
    let random: @Sendable () -> UInt64
    let pause: @Sendable (Int64) async throws -> Void
    let logger: Logger

    /// Runs until cancellation. Trouble is told and tried again.
    ///
    /// - Parameter trouble: what could not be done, for operators.
    /// - Throws: `CancellationError`; ``StreamingError`` `fenced` if another writer of the territory took over.
    func run(_ trouble: Logger.Message, _ metadata: Logger.Metadata = [:], _ open: () -> some Session) async throws {
        var hasWorked = false
        try await Patience(settings.backOff, random: random, pause: pause).untilDone {
            var session = open()
            do {
                try await session.run()
            } catch {
                hasWorked = session.hasWorked
                await session.end()
                throw error
            }
        } hasProgressed: { _ in
            hasWorked
        } onFailure: { error, _ in
            if let error = error as? KafkaError, error.isFenced { throw StreamingError.fencedOff }
            status.fail(error.reason, at: time.now())
            logger.warning(trouble, metadata: metadata.merging(["reason": "\(error.reason)"]) { _, reason in reason })
        }
    }

    func makeProducer() throws -> KafkaProducer {
        var configuration = configuration
        configuration.settings.merge(RelaySettings.producerDefaults) { own, _ in own }
        return try KafkaProducer(configuration: configuration, transactionalID: transactionalID, logger: logger)
    }
}

extension Error {
    /// For the log: an error of another room may quote what it was given.
    fileprivate var reason: String {
        switch self {
        case let error as KafkaError: error.message
        case let error as StreamingError: error.message
        case let error as EventStoreError: error.message
        default: "\(type(of: self))"
        }
    }
}
