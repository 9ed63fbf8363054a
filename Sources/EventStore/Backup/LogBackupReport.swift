/// What a backup did.
public struct LogBackupReport: Sendable, Hashable {
    /// The head of the copy: everything up to it is there and durable.
    public var head: LogHead
    /// Whether the copy was made from the beginning.
    public var isFirst: Bool
    /// Events copied this time.
    public var addedEvents: Int64
    /// Bytes by which the copy's file grew.
    public var addedBytes: Int64
    /// How long it took, in milliseconds of the time source.
    public var milliseconds: Int64

    public init(head: LogHead, isFirst: Bool, addedEvents: Int64, addedBytes: Int64, milliseconds: Int64) {
        self.head = head
        self.isFirst = isFirst
        self.addedEvents = addedEvents
        self.addedBytes = addedBytes
        self.milliseconds = milliseconds
    }
}
