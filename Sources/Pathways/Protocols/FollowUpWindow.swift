public import Foundation
public import Timekeeping

/// When a follow-up must take place, relative to the discharge, or whatever else triggers it.
public struct FollowUpWindow: Sendable, Hashable, CustomStringConvertible {
    /// Opens the window; in days, at the start of that day.
    public let from: WindowEdge
    /// Closes the window; in days, at 23:59:59 of that day.
    public let to: WindowEdge

    /// `nil` when an instant of discharge exists for which the window would close before it opens (a day edge can be as near as midnight).
    public init?(from: WindowEdge, to: WindowEdge) {
        let isOrdered =
            switch (from.unit, to.unit) {
            case (.days, .days), (.hours, .hours): from.count <= to.count
            case (.hours, .days): from.count <= to.count * 24
            case (.days, .hours): from.count * 24 <= to.count
            }
        guard isOrdered else { return nil }
        self.from = from
        self.to = to
    }

    public var description: String { "\(from) – \(to)" }

    /// The window's two instants for a discharge, or whatever else J0 stands for, in the local days of `timeZone`, with its offsets.
    ///
    /// Days are calendar days, so a day of 23 or 25 hours counts as one; hours are elapsed hours. The window never opens before the
    /// discharge, unless it is one before J0, nor closes before it opens.
    public func resolve(discharge: Instant, in timeZone: TimeZone) -> (dueFrom: Instant, dueBy: Instant) {
        let days = LocalDays(timeZone)
        let leaving = days.localised(discharge)
        let dueFrom =
            switch from.unit {
            case .hours: days.localised(discharge.adding(hours: Int64(from.count)))
            case .days: days.start(ofDay: days.day(of: discharge) + from.count)
            }
        let dueBy =
            switch to.unit {
            case .hours: days.localised(discharge.adding(hours: Int64(to.count)))
            case .days: days.lastSecond(ofDay: days.day(of: discharge) + to.count)
            }
        let opening = from.count < 0 ? dueFrom : max(dueFrom, leaving)
        return (opening, max(dueBy, opening))
    }
}
