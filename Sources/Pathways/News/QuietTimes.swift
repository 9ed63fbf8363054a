public import Foundation
public import Timekeeping

/// When routine news wait: quiet hours, public holidays and Sundays, where the territory is. Urgent ones never do.
public struct QuietTimes: Hashable, Sendable {
    public let hours: QuietHours?
    public let holidays: Holidays
    public let timeZone: TimeZone

    public init(hours: QuietHours?, holidays: Holidays, timeZone: TimeZone) {
        self.hours = hours
        self.holidays = holidays
        self.timeZone = timeZone
    }

    /// - Parameter timeZone: IANA name; one that is not known here counts as Greenwich's.
    public init(hours: QuietHours?, holidays: Holidays, timeZone: String) {
        self.init(hours: hours, holidays: holidays, timeZone: TimeZone(identifier: timeZone) ?? .gmt)
    }

    /// When the quiet time that an instant lies in is over; nil if it lies in none.
    public func end(at instant: Instant) -> Instant? {
        let days = LocalDays(timeZone)
        var end = instant
        // Nights and free days follow one another; nothing keeps people free for a month.
        for _ in 0..<64 {
            if let morning = hours?.end(at: end, in: timeZone) {
                end = morning
                continue
            }
            let day = days.day(of: end)
            guard isFree(day) else { break }
            end = days.start(ofDay: day + 1)
        }
        return end > instant ? end : nil
    }

    /// Until when a news waits; nil if it goes at once. One that asks for an answer before the end of a free day does not wait for that end:
    /// who asks counts nights, not Sundays.
    public func end(of news: News, at instant: Instant) -> Instant? {
        guard news.urgency == .routine, let end = end(at: instant) else { return nil }
        guard let answerBy = news.answerBy, answerBy <= end else { return end }
        return hours?.end(at: instant, in: timeZone).flatMap { $0 < answerBy ? $0 : nil }
    }

    private func isFree(_ day: Int) -> Bool {
        guard holidays == .french else { return false }
        // 1970-01-01 was a Thursday.
        let isSunday = ((day % 7) + 7) % 7 == 3
        return isSunday || FrenchHolidays.contains(CivilDate(daysSinceEpoch: day))
    }
}
