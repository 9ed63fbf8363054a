/// One end of a follow-up's window, relative to J0, the calendar day of what triggers it (the discharge, mostly) where the territory is.
///
/// Written `J0` (that day), `J0+7d` (the seventh calendar day after) or `J0+48h` (48 hours after the instant of discharge); before what is
/// expected also `J0-2d` and `J0-4h`.
public struct WindowEdge: Sendable, Hashable, CustomStringConvertible {
    /// What the distance is counted in.
    public enum Unit: String, Sendable, Hashable {
        /// Hours from the instant of discharge.
        case hours = "h"
        /// Calendar days from J0: the edge is the day's start or end, as it opens or closes the window.
        case days = "d"
    }

    public let unit: Unit
    /// Within 366 days or 8,784 hours; negative for before.
    public let count: Int

    /// The day of discharge itself.
    public static let dischargeDay = WindowEdge(unit: .days, count: 0)

    /// The form expected in files.
    static let expected = "J0, J0+<hours>h or J0+<days>d, as J0+48h or J0+7d, within 366 days (J0-2d before what is expected)"

    /// `nil` unless `text` is `J0`, `J0+<n>h` or `J0+<n>d` within 366 days, or the same with a minus and no zero.
    public init?(_ text: some StringProtocol) {
        guard text.hasPrefix("J0") else { return nil }
        let distance = text.dropFirst(2)
        if distance.isEmpty {
            self = .dischargeDay
            return
        }
        guard let sign = distance.first, sign == "+" || sign == "-", let unit = distance.last.flatMap({ Unit(rawValue: String($0)) }) else {
            return nil
        }
        let digits = distance.dropFirst().dropLast()
        guard (1...4).contains(digits.utf8.count), digits.utf8.allSatisfy(IdentifierText.isDigit), let count = Int(digits) else { return nil }
        guard count <= (unit == .days ? Self.furthestDay : Self.furthestDay * 24) else { return nil }
        if sign == "-", count == 0 { return nil }
        self.init(unit: unit, count: sign == "-" ? -count : count)
    }

    /// The form read by `init(_:)`.
    public var description: String {
        self == .dischargeDay ? "J0" : count < 0 ? "J0\(count)\(unit.rawValue)" : "J0+\(count)\(unit.rawValue)"
    }

    /// The same edge that many days later, held within the furthest day.
    func adding(days: Int) -> WindowEdge {
        switch unit {
        case .days: WindowEdge(unit: .days, count: min(count + days, Self.furthestDay))
        case .hours: WindowEdge(unit: .hours, count: min(count + days * 24, Self.furthestDay * 24))
        }
    }

    static let furthestDay = 366

    init(unit: Unit, count: Int) {
        self.unit = unit
        self.count = count
    }
}
