public import Timekeeping

/// Where an append stands in the log.
public struct AppendReceipt: Sendable, Hashable {
    /// Position of the first event; nil if the request wrote none.
    public var firstPosition: Int64?
    /// Position of the last event; the log's head if the request wrote none.
    public var position: Int64
    /// For each write of the request, in order, the version its stream now has.
    public var versions: [Int64]
    /// When the log learned it.
    public var recordedAt: Instant

    public init(firstPosition: Int64?, position: Int64, versions: [Int64], recordedAt: Instant) {
        self.firstPosition = firstPosition
        self.position = position
        self.versions = versions
        self.recordedAt = recordedAt
    }
}
