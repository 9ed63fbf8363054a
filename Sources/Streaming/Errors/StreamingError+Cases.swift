import Kafka

extension StreamingError {
    /// - Parameter what: a sentence's beginning, without stored data.
    static func malformed(_ what: String, at place: KafkaOffset) -> StreamingError {
        StreamingError(
            .malformedRecord,
            "\(what) in the record at \(place): see who else may write to the topic, and whether this release is older than the writer's."
        )
    }

    static func wrongTerritory(at place: KafkaOffset) -> StreamingError {
        StreamingError(.wrongTerritory, "The record at \(place) is of another territory's log: check the territory's code in the configuration.")
    }

    static func forked(_ what: String, at position: Int64, epoch: Int64) -> StreamingError {
        StreamingError(
            .forked,
            "\(what) at position \(position) differs from what was read before, both of epoch \(epoch) or later: two writers recorded apart. "
                + "Stop, verify both logs, set the tail aside that is not to stay.",
            position: position,
            epoch: epoch
        )
    }

    static func missing(_ what: String, position: Int64) -> StreamingError {
        StreamingError(
            .missingRecords,
            "\(what) from position \(position) on: the topic was cut, or a follower begins after its beginning. Restore a backup, then follow.",
            position: position
        )
    }

    static func replaced(by epoch: Int64, own: Int64) -> StreamingError {
        StreamingError(
            .replaced,
            "The topic has a writer of epoch \(epoch), this log is of epoch \(own): it was replaced. Demote it, which sets aside what only it "
                + "has, then follow.",
            epoch: epoch
        )
    }

    static let fencedOff = StreamingError(
        .fenced,
        "Another relay took over the territory's transactional id: only one may run. If this one was not replaced on purpose, end the other."
    )
}
