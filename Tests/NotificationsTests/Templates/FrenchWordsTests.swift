import Foundation
import FrenchText
import Testing
import Timekeeping

@testable import Notifications

struct FrenchWordsTests {
    private static let dates = FrenchClock(
        timeZone: TimeZone(identifier: "Europe/Paris") ?? .gmt,
        now: Instant(millisecondsSinceEpoch: 1_795_100_700_000)
    )

    private static func plain(_ text: String) -> String { text.replacing("\u{A0}", with: " ") }

    @Test(arguments: [
        ("2026-11-19T15:05:00Z", "le jeu. 19 nov., 16 h 05"), ("2026-12-31T23:30:00Z", "le ven. 1er janv. 2027, 0 h 30"),
        ("2026-10-25T00:30:00Z", "le dim. 25 oct., 2 h 30 (heure d’été)"),
        ("2026-10-25T01:30:00Z", "le dim. 25 oct., 2 h 30 (heure d’hiver)"),
        ("2026-03-29T01:00:00Z", "le dim. 29 mars, 3 h 00"), ("1969-12-31T12:00:00Z", "le mer. 31 déc. 1969, 13 h 00"),
    ])
    func aMomentReadsOnTheWallClock(_ text: String, _ expected: String) throws {
        let instant = try #require(Instant(rfc3339: text))
        #expect(Self.plain(Self.dates.sentence(instant)) == expected)
    }

    @Test(arguments: [
        ("2026-11-20T07:00:00Z", "2026-11-20T17:00:00Z", "le ven. 20 nov., entre 8 h 00 et 18 h 00"),
        ("2026-11-20T07:00:00Z", "2026-11-21T17:00:00Z", "entre le ven. 20 nov., 8 h 00 et le sam. 21 nov., 18 h 00"),
        ("2026-11-20T07:00:00Z", "2026-11-20T07:00:00Z", "le ven. 20 nov., 8 h 00"),
        // Past midnight in Paris, though not at Greenwich.
        ("2026-11-20T07:00:00Z", "2026-11-20T23:30:00Z", "entre le ven. 20 nov., 8 h 00 et le sam. 21 nov., 0 h 30"),
    ])
    func aWindowReadsInFrench(_ from: String, _ by: String, _ expected: String) throws {
        #expect(
            Self.plain(Self.dates.window(from: try #require(Instant(rfc3339: from)), by: try #require(Instant(rfc3339: by)))) == expected
        )
    }

    @Test func instantsBeyondTheCalendarDoNotTrap() {
        for milliseconds in [Int64.min, .max, 0] { _ = Self.dates.sentence(Instant(millisecondsSinceEpoch: milliseconds)) }
    }

    @Test(arguments: [
        ("Rappel : 1 réponse", "Rappel : 1 réponse"), ("Œuvre d’été ç ê", "OEuvre d'été c e"), ("«\u{A0}À\u{A0}»", "\" A \""), ("漢", "?"),
    ])
    func aTextMessageHasItsAlphabet(_ text: String, _ expected: String) {
        #expect(GSMAlphabet.text(text) == expected)
        #expect(GSMAlphabet.contains(GSMAlphabet.text(text)))
    }

    @Test(arguments: [("  Chloé\nMarthe ", "Chloé Marthe"), ("A\u{2028}B\u{0}C", "A B C"), ("Marin  Double", "Marin Double"), ("\n", "")])
    func aNameStaysOnItsLine(_ text: String, _ expected: String) {
        #expect(QuotedText.oneLine(text) == expected)
    }
}
