internal import CRdKafka
internal import CoreMetrics
internal import Logging

/// What librdkafka tells about itself: its log goes to ours, its statistics to gauges, faults it works on to the log and to `onFault`.
///
/// `@unchecked Sendable`: used by the one thread that polls.
final class ClientObserver: @unchecked Sendable {
    let logger: Logger
    private let statistics: StatisticsGauges?
    private let onFault: @Sendable (KafkaError) -> Void

    init(logger: Logger, statistics: StatisticsGauges?, onFault: @escaping @Sendable (KafkaError) -> Void = { _ in }) {
        self.logger = logger
        self.statistics = statistics
        self.onFault = onFault
    }

    /// Takes note of a log line, statistics or a fault; other events are not its business.
    /// - Returns: the error that made the client useless.
    func observe(_ event: OpaquePointer, _ client: NativeClient) -> KafkaError? {
        switch rd_kafka_event_type(event) {
        case RD_KAFKA_EVENT_LOG: log(event)
        case RD_KAFKA_EVENT_STATS: statistics?.update(from: String(orEmpty: rd_kafka_event_stats(event)))
        case RD_KAFKA_EVENT_ERROR: return fault(event)
        default: break
        }
        return nil
    }

    private func fault(_ event: OpaquePointer) -> KafkaError? {
        let native = rd_kafka_event_error(event)
        let isFatal = rd_kafka_event_error_is_fatal(event) != 0
        let error = KafkaError(
            native,
            isFatal ? "The Kafka client failed for good" : "Kafka is disturbed",
            detail: String(orEmpty: rd_kafka_event_error_string(event)),
            isFatal: isFatal
        )
        if isFatal {
            logger.error("Kafka client failed for good", metadata: error.logged)
            return error
        }
        logger.warning("Kafka is disturbed", metadata: error.logged)
        onFault(error)
        return nil
    }

    private func log(_ event: OpaquePointer) {
        var facility: UnsafePointer<CChar>?
        var text: UnsafePointer<CChar>?
        var level: Int32 = 0
        guard rd_kafka_event_log(event, &facility, &text, &level) == 0 else { return }
        logger.log(
            level: Self.level(ofSyslog: level),
            "\(String(orEmpty: text))",
            metadata: ["facility": "\(String(orEmpty: facility))"],
            source: "librdkafka"
        )
    }

    /// RFC 5424 §6.2.1.
    static func level(ofSyslog level: Int32) -> Logger.Level {
        switch level {
        case ...2: .critical
        case 3: .error
        case 4: .warning
        case 5: .notice
        case 6: .info
        default: .debug
        }
    }
}

extension KafkaError {
    var logged: Logger.Metadata {
        ["code": "\(code)", "nativeCode": "\(nativeCode)", "error": "\(message)"]
    }
}
