import Kafka

/// The names of a territory's topics.
public struct Topics: Sendable, Hashable {
    /// The territory's code, such as `demo`: lower-case letters, digits and hyphens.
    public let territory: String
    /// One record per event.
    public let events: String
    /// What a copy needs beside events: attachments, commands, and after each batch its seal.
    public let log: String
    /// Wrapped data keys; a tombstone for each that was destroyed.
    public let keys: String
    /// Commands of partners.
    public let intake: String
    /// What they were told.
    public let answers: String
    /// Of nodes that share the work of telling people: the messages that they have begun.
    public let outbox: String
    /// What those nodes have the writer record.
    public let facts: String

    private static let longestCode = 64

    /// - Throws: ``StreamingError`` `invalidRequest` unless the code has 1 to 64 characters of `[a-z0-9-]`.
    public init(territory: String) throws(StreamingError) {
        guard Self.isCode(territory) else {
            throw StreamingError(.invalidRequest, "A territory's code in topic names has 1 to 64 characters of a–z, 0–9 and hyphen.")
        }
        self.territory = territory
        let prefix = "relais.\(territory)"
        events = "\(prefix).events"
        log = "\(prefix).log"
        keys = "\(prefix).keys"
        intake = "\(prefix).intake"
        answers = "\(prefix).answers"
        outbox = "\(prefix).outbox"
        facts = "\(prefix).facts"
    }

    /// The topic of one partner.
    ///
    /// - Throws: ``StreamingError`` `invalidRequest` unless the id is of the same form as a territory's code.
    public func partner(_ id: String) throws(StreamingError) -> String {
        guard Self.isCode(id) else {
            throw StreamingError(.invalidRequest, "A partner's id in topic names has 1 to 64 characters of a–z, 0–9 and hyphen.")
        }
        return "relais.\(territory).partner.\(id)"
    }

    /// By which Kafka lets only the newest relay of the territory write.
    public var transactionalID: String { "relais-\(territory)" }

    /// The group of the nodes that share the work of telling people.
    public var notifierGroup: String { "relais.\(territory).notifications" }

    /// The group of those who record what notifiers say: the writer, whoever it is.
    public var factsGroup: String { "relais.\(territory).facts" }

    /// The one partition of the topic ``log``.
    var logPartition: KafkaPartition { KafkaPartition(topic: log, partition: 0) }

    /// The one partition of the topic ``keys``.
    var keysPartition: KafkaPartition { KafkaPartition(topic: keys, partition: 0) }

    private static func isCode(_ text: String) -> Bool {
        1...longestCode ~= text.utf8.count
            && text.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"): true
                default: false
                }
            }
    }
}
