public import EventStore

/// How one projection fares.
public struct ProjectionStatus: Hashable, Sendable {
    public let name: String
    public let version: Int64
    /// Every event up to this position is in its tables.
    public let position: Int64
    /// How far a rebuild beside it has come; nil if none is under way.
    public let rebuilding: Int64?
    /// Events it could not take in, those behind them included.
    public let parked: Int64

    /// Events not taken in yet, against a head that was read independently.
    public func lag(behind head: LogHead) -> Int64 { max(0, head.position - position) }
}
