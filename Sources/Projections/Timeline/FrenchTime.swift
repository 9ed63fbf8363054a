import Foundation
import Timekeeping

/// Times as people here read them: « mer. 12 nov., 18 h 05 ».
enum FrenchTime {
    private static let weekdays = ["lun.", "mar.", "mer.", "jeu.", "ven.", "sam.", "dim."]
    private static let months = ["janv.", "févr.", "mars", "avr.", "mai", "juin", "juil.", "août", "sept.", "oct.", "nov.", "déc."]

    static func short(_ instant: Instant, in timeZone: TimeZone) -> String {
        let seconds = instant.millisecondsSinceEpoch.flooredDivision(by: 1_000)
        let offset = Int64(timeZone.secondsFromGMT(for: Date(timeIntervalSince1970: Double(seconds))))
        let day = (seconds + offset).flooredDivision(by: 86_400)
        let minute = (seconds + offset - day * 86_400) / 60
        let date = CivilDate(daysSinceEpoch: Int(day))
        // 1970-01-01 was a Thursday.
        let weekday = Int(day + 3 - (day + 3).flooredDivision(by: 7) * 7)
        let minutes = minute % 60
        return "\(weekdays[weekday]) \(date.day) \(months[date.month - 1]), \(minute / 60) h \(minutes < 10 ? "0" : "")\(minutes)"
    }
}
