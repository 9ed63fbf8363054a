import NotificationChannels
import Notifications
import Pathways
import Testing
import Timekeeping

struct OpenTextTests {
    /// Nothing is read but whether it was erased.
    private struct NoPast: LogPast {
        func pathway(_ stream: String, at position: Int64, telling news: News?) throws -> PathwayPast? { PathwayPast(Pathway(), events: []) }
        func patient(_ stream: String, at position: Int64) throws -> Patient { Patient() }
        func undeliverable(_ event: String, since at: Instant, upTo position: Int64) throws -> MessageUndeliverable? { nil }
        func territory(at position: Int64) throws -> Territory? { nil }
    }

    private static func text(
        _ kinds: String,
        _ channel: ChannelKind,
        reminder: Int = 0,
        base: String = "https://relais.example"
    ) throws -> String {
        let now = Instant(millisecondsSinceEpoch: 0)
        let items = kinds.enumerated().map { index, kind in
            News(
                key: NewsKey(event: "e\(index)", recipient: "99999000443", template: "offer-named"),
                occurredAt: now,
                urgency: kind.isUppercase ? .urgent : .routine,
                pathway: "p",
                followUp: nil,
                answerBy: nil,
                asks: kind.lowercased() == "a",
                named: true
            )
        }
        let message = OutboxMessage(
            recipient: "99999000443",
            urgency: .routine,
            reminder: reminder,
            madeAt: now,
            position: 1,
            items: items,
            delivery: Delivery(.waiting(until: now))
        )
        let settings = try RenderingSettings(base: base, domain: "relais.example")
        let rendered = try LogRenderer(past: NoPast(), book: .shipped(), settings: settings).render(message, for: channel)
        return try #require(rendered).text
    }

    /// `a` asks, `t` tells; a capital is urgent.
    @Test(arguments: [
        ("a", 0, "Vous avez 1 nouvelle demande"), ("aa", 0, "Vous avez 2 nouvelles demandes"),
        ("attt", 0, "Vous avez 1 nouvelle demande et 3 informations"), ("AA", 0, "Vous avez 2 nouvelles demandes urgentes"),
        ("A", 0, "Vous avez 1 nouvelle demande urgente"), ("Aa", 0, "Vous avez 2 nouvelles demandes (dont 1 urgente)"),
        ("T", 0, "Vous avez 1 information urgente"), ("aTTt", 0, "Vous avez 1 nouvelle demande et 3 informations (dont 2 urgentes)"),
        ("a", 1, "Rappel\u{A0}: 1 demande attend votre réponse"), ("AA", 2, "Rappel\u{A0}: 2 demandes urgentes attendent votre réponse"),
    ])
    func ordinaryMailSaysHowManyAndWhere(_ kinds: String, _ reminder: Int, _ expected: String) throws {
        let lines = try Self.text(kinds, .email, reminder: reminder).split(separator: "\n")
        #expect(lines.count == 2)
        #expect(lines.first.map(String.init) == expected)
        #expect(lines.last?.hasPrefix("https://relais.example/n/") == true)
    }

    /// Given the longest address that is allowed, when a text message is written, then it is one message whatever it counts.
    @Test(arguments: [1, 9, 99, 999], [0, 1])
    func aTextMessageIsOneMessage(_ count: Int, _ reminder: Int) throws {
        let base = "https://" + String(repeating: "a", count: RenderingSettings.baseLimit - 8 - 8) + ".example"
        let kinds = String(repeating: "A", count: count) + String(repeating: "aTt", count: count)
        let text = try Self.text(kinds, .sms, reminder: reminder, base: base)
        #expect(text.unicodeScalars.count <= 160)
        #expect(text.contains(reminder == 0 ? "Vous avez \(count * 2) nouvelles demandes" : "demandes"))
        #expect(text.contains(base))
        #expect(!text.unicodeScalars.contains("\u{A0}"))
    }

    @Test(arguments: [
        "http://relais.example", "relais.example", "https://", "https://a@relais.example", "https://relais.example/?q=1",
        "https://relais.example/#a", "https://relais.exämple", "https://relais.example/~a",
        "https://" + String(repeating: "a", count: 60) + ".example",
    ])
    func anAddressThatCannotBeFollowedIsRefused(_ base: String) {
        #expect(throws: RenderingSettings.Flaw.base) { try RenderingSettings(base: base, domain: "relais.example") }
    }

    @Test(arguments: ["https://relais.example/", "http://localhost:8080", "http://127.0.0.1:8080", "https://relais.example/app"])
    func anAddressIsTaken(_ base: String) throws {
        _ = try RenderingSettings(base: base, domain: "relais.example")
    }

    @Test(arguments: ["", "relais example", "-a.example", "a..b", "a>b"])
    func aDomainThatIsNoneIsRefused(_ domain: String) {
        #expect(throws: RenderingSettings.Flaw.domain) { try RenderingSettings(base: "https://relais.example", domain: domain) }
    }
}
