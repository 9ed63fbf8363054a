extension EventStoreError {
    static let notTheWriter = EventStoreError(
        .notTheWriter,
        "This log is a replica and takes in what its writer records: append there, or promote this one if the writer is gone."
    )

    static let notAReplica = EventStoreError(
        .notAReplica,
        "This log is written here and takes in nothing from another writer: demote it first, which sets aside what only it has."
    )

    /// - Parameter what: a sentence's beginning, without stored data.
    static func invalidBatch(_ what: String, at position: Int64?) -> EventStoreError {
        var facts = Facts()
        facts.position = position
        let place = position.map { " at position \($0)" } ?? ""
        return EventStoreError(.invalidBatch, "\(what)\(place): nothing of the batch was taken in. Read it again from its source.", facts: facts)
    }

    static func forked(_ what: String, at position: Int64) -> EventStoreError {
        var facts = Facts()
        facts.position = position
        return EventStoreError(
            .forked,
            "\(what) at position \(position) is not what this log has there: two writers recorded apart, or one log was changed. Stop, "
                + "verify both, set the tail aside that is not to stay.",
            facts: facts
        )
    }

    static func missingEvents(after position: Int64, before first: Int64) -> EventStoreError {
        var facts = Facts()
        facts.position = position &+ 1
        return EventStoreError(
            .missingEvents,
            "The log ends at \(position) and the batch goes on after \(first &- 1): positions \(position &+ 1) through \(first &- 1) have not come.",
            facts: facts
        )
    }

    static func staleEpoch(_ epoch: Int64, behind stored: Int64, at position: Int64) -> EventStoreError {
        var facts = Facts()
        facts.position = position
        facts.epoch = stored
        return EventStoreError(
            .staleEpoch,
            "A batch through position \(position) is of epoch \(epoch), the log has followed epoch \(stored): its writer was replaced; pass it over.",
            facts: facts
        )
    }
}
