public import EventStore
public import Timekeeping

/// One timer per pathway: when its next deadline passes. Only an alarm clock: what is due is computed from the log when it rings, so that
/// a timer that is early costs a look, and a store that is lost is filled again by the follower that reads the log.
public protocol DeadlineStore: Sendable {
    /// Sets the timer of a pathway, or clears it (nil). Nothing happens if it was set from a later version of the stream: two tasks may
    /// come in another order than what they saw.
    func set(_ due: Instant?, for stream: StreamID, asOf version: Int64) throws

    /// Sets the timer of a pathway after `timer` has rung, or clears it (nil). Nothing happens if it was set anew meanwhile.
    func replace(_ timer: PathwayTimer, by due: Instant?, asOf version: Int64) throws

    /// The timers that are due, by instant and stream.
    ///
    /// - Parameter excluded: streams to leave out; their timers stay.
    func due(at instant: Instant, limit: Int, excluding excluded: Set<StreamID>) throws -> [PathwayTimer]

    /// All timers, page by page: the first of those whose stream comes after `stream`, by stream.
    ///
    /// - Parameter stream: the last of the page before; nil for the first page.
    func timers(after stream: StreamID?, limit: Int) throws -> [PathwayTimer]

    /// When the first timer rings; nil if none is set.
    func next() throws -> Instant?

    /// Makes all timers ring that were to ring later than `instant`: something that deadlines are computed from has changed.
    func ringAll(at instant: Instant) throws
}
