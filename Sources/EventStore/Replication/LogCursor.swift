/// How much of a log was handed to another machine. Of one log only: another that has the same events numbers its commands otherwise.
public struct LogCursor: Sendable, Hashable {
    /// Of the last event handed over; 0 = none yet.
    public var position: Int64
    /// Number of the last command handed over; 0 = none yet.
    public var command: Int64

    public init(position: Int64 = 0, command: Int64 = 0) {
        self.position = position
        self.command = command
    }
}
