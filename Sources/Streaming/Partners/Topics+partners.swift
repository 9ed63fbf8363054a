import Kafka

extension Topics {
    /// The answers to one partner, where it asks for a topic of its own.
    ///
    /// - Throws: ``StreamingError`` `invalidRequest` unless the id is of the same form as a territory's code.
    public func answers(to partner: String) throws(StreamingError) -> String {
        // Checks the id.
        _ = try self.partner(partner)
        return "\(answers).\(partner)"
    }

    /// By which Kafka lets only the newest writer of the territory answer. With dots, which no territory's code has: no relay has this id.
    public var intakeTransactionalID: String { intake }

    /// In whose name the place in the topic ``intake`` is kept.
    public var intakeGroup: String { intake }
}
