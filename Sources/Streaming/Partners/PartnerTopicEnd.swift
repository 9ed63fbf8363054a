import EventStore

/// The last record of a partner's topic: what it is of, and whether all of that event is there.
struct PartnerTopicEnd: Sendable, Hashable {
    /// Of the event in the log.
    let position: Int64
    let event: EventID
    /// False if what its event gave was cut short.
    let isWhole: Bool

    /// After which position to go on; nil if the log has another event there: what the topic was told is of a log that was replaced.
    func resume(in log: any EventReader) throws -> Int64? {
        guard try log.read(after: position - 1, limit: 1).first?.id == event else { return nil }
        return isWhole ? position : position - 1
    }
}
