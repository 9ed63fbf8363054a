public import EventStore

/// A record of the topic `.log`.
public enum LogRecord: Sendable, Hashable {
    case attachment(ReplicatedAttachment, epoch: Int64, attempt: UInt64)
    case command(ReplicatedCommand, epoch: Int64, attempt: UInt64)
    case batch(BatchSeal)
    case writer(WriterAnnouncement)

    /// Of the writer.
    public var epoch: Int64 {
        switch self {
        case .attachment(_, let epoch, _), .command(_, let epoch, _): epoch
        case .batch(let seal): seal.epoch
        case .writer(let writer): writer.epoch
        }
    }
}
