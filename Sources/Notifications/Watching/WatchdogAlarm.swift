public import Timekeeping

/// When to tell: at the first silence, every hour while it lasts, and when it is over.
public struct WatchdogAlarm: Sendable {
    public enum Step: Hashable, Sendable {
        case alert, recover, nothing
    }

    private static let again: Int64 = 3_600_000
    private let patience: Int64
    private let startedAt: Instant
    private var toldAt: Instant?

    /// - Parameters:
    ///   - patience: milliseconds without a sign of life that are allowed.
    ///   - startedAt: when the watch began.
    public init(patience: Int64, startedAt: Instant) {
        self.patience = patience
        self.startedAt = startedAt
    }

    /// To be called after each look.
    public mutating func step(isSilent: Bool, at now: Instant) -> Step {
        guard isSilent else {
            defer { toldAt = nil }
            return toldAt == nil ? .nothing : .recover
        }
        // What was silent before we looked may be starting just now.
        if toldAt == nil, (0..<patience).contains(now.milliseconds(since: startedAt)) { return .nothing }
        // A clock that was set back tells once more.
        if let toldAt, (0..<Self.again).contains(now.milliseconds(since: toldAt)) { return .nothing }
        toldAt = now
        return .alert
    }
}
