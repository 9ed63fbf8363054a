/// Why Kafka, or the way to it, refused or failed. Equality is on ``code`` alone. Texts carry no payload, key or secret setting.
public struct KafkaError: Error, Sendable, Hashable, CustomStringConvertible {
    /// What went wrong, to decide by.
    public let code: Code
    /// librdkafka's `rd_kafka_resp_err_t`, which is Kafka's own error code when it is positive; 0 when the error is ours.
    public let nativeCode: Int32
    /// What, where, and what to do about it.
    public let message: String
    /// The producer or the consumer is of no use any more: make a new one.
    public let isFatal: Bool
    /// The same call may succeed when it is repeated.
    public let isRetriable: Bool
    /// The transaction can only be aborted: call ``KafkaProducer/abortTransaction()``.
    public let requiresAbort: Bool
    /// Another producer took over the transactional id (or another consumer the group instance id): stop writing.
    public var isFenced: Bool { code == .fenced }

    public init(
        _ code: Code,
        _ message: String,
        nativeCode: Int32 = 0,
        isFatal: Bool = false,
        isRetriable: Bool = false,
        requiresAbort: Bool = false
    ) {
        self.code = code
        self.nativeCode = nativeCode
        self.message = message
        self.isFatal = isFatal
        self.isRetriable = isRetriable
        self.requiresAbort = requiresAbort
    }

    public var description: String { "\(code): \(message)" }

    public static func == (left: KafkaError, right: KafkaError) -> Bool {
        left.code == right.code
    }

    public func hash(into hasher: inout Hasher) {
        hasher.combine(code)
    }
}

/// Lets `catch KafkaError.Code.fenced` match by code.
public func ~= (code: KafkaError.Code, error: any Error) -> Bool {
    (error as? KafkaError)?.code == code
}
