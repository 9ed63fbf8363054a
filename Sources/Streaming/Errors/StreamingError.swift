/// Why handing a log over through Kafka, or following one, was refused or failed. Equality is on ``code`` alone. Texts carry no payload,
/// no key and nothing about a person.
///
/// Trouble with the log itself is an `EventStoreError`, with Kafka a `KafkaError`, with data keys a `SealingError`: they come as they are.
public struct StreamingError: Error, Sendable, Hashable, CustomStringConvertible {
    /// What went wrong, to decide by.
    public let code: Code
    /// What, where, and what to do about it.
    public let message: String
    /// Where in the log, if it is about one place.
    public let position: Int64?
    /// `replaced`, `forked`: the epoch that the topic has.
    public let epoch: Int64?

    public init(_ code: Code, _ message: String, position: Int64? = nil, epoch: Int64? = nil) {
        self.code = code
        self.message = message
        self.position = position
        self.epoch = epoch
    }

    public var description: String { "\(code): \(message)" }

    public static func == (left: StreamingError, right: StreamingError) -> Bool {
        left.code == right.code
    }

    public func hash(into hasher: inout Hasher) {
        hasher.combine(code)
    }
}

/// Lets `catch StreamingError.Code.replaced` match by code.
public func ~= (code: StreamingError.Code, error: any Error) -> Bool {
    (error as? StreamingError)?.code == code
}
