import Foundation
import FrenchText
import Pathways
import Timekeeping

/// The territory's wall clock, on which forms state times.
enum FormClock {
    static func of(_ services: WebServices, _ now: Instant) throws -> FrenchClock {
        let zone = try services.territory().territory.flatMap { TimeZone(identifier: $0.timeZone) } ?? .gmt
        return FrenchClock(timeZone: zone, now: now)
    }
}
