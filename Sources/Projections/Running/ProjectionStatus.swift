public import EventStore

/// How one projection fares.
public struct ProjectionStatus: Hashable, Sendable {
    public let name: String
    /// Of the tables that readers see; of those being built if they see none.
    public let version: Int64
    /// Every event up to this position is in its tables.
    public let position: Int64
    /// How far a generation that is being built has come; nil if none is.
    public let rebuilding: Int64?
    /// Events it could not take in, those behind them included.
    public let parked: Int64
    /// Whether readers see anything: false while its first tables of this version are being built.
    public internal(set) var isShown = true

    /// Events not taken in yet, against a head that was read independently.
    public func lag(behind head: LogHead) -> Int64 { max(0, head.position - position) }
}
