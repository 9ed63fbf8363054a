import Pathways

/// Times of the day as `20:00`: what time fields of forms send, and the API writes.
enum DayTime {
    /// - Returns: minutes after midnight; nil for anything but hours and minutes of two digits.
    static func minute(_ text: String) -> Int? {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 2, parts.allSatisfy({ $0.utf8.count == 2 && $0.utf8.allSatisfy { (0x30...0x39).contains($0) } }),
            let hour = Int(parts[0]), hour < 24, let minute = Int(parts[1]), minute < 60
        else { return nil }
        return hour * 60 + minute
    }

    static func text(_ minute: Int) -> String { "\(twoDigits(minute / 60)):\(twoDigits(minute % 60))" }

    /// « 20 h 00 », on one line.
    static func french(_ minute: Int) -> String { "\(minute / 60)\u{A0}h\u{A0}\(twoDigits(minute % 60))" }

    private static func twoDigits(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
}

extension QuietHours {
    /// - Returns: nil unless both are times of the day.
    init?(from: String, to: String) {
        guard let from = DayTime.minute(from), let to = DayTime.minute(to) else { return nil }
        self.init(from: from, to: to)
    }

    /// « de 20 h 00 à 7 h 00 »; nil for none.
    var frenchSpan: String? { from == to ? nil : "de \(DayTime.french(from)) à \(DayTime.french(to))" }
}
