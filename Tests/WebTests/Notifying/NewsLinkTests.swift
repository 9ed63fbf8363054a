import Hummingbird
import Pathways
import Synchronization
import Testing

@testable import Web

@Suite struct NewsLinkTests {
    private static let browser = ["sec-fetch-mode": "navigate", "sec-fetch-dest": "document", "sec-fetch-site": "none"]
    private let path = "/n/\(NotificationMocks.message)?c=sms"

    private func follow(
        _ house: House,
        _ path: String,
        as rpps: String? = TestTerritory.nurse,
        _ headers: [String: String],
        _ method: HTTPRequest.Method = .get
    ) async throws -> Answer {
        var headers = headers
        if let rpps { headers["cookie"] = "relais-acteur=\(rpps)" }
        return try await house.send(method, path, headers: headers)
    }

    @Test func aBrowserThatShowsItOpensTheMessage() async throws {
        let notifier = TestNotifier()
        let house = try await House(notifier: notifier)
        let answer = try await follow(house, path, Self.browser)
        #expect(answer.status == 303 && answer.headers["location"] == "/a-faire" && answer.bytes.isEmpty)
        #expect(await notifier.opened() == [.init(message: NotificationMocks.message, via: .link, channel: .sms)])
    }

    @Test(arguments: [
        [:], ["sec-fetch-mode": "navigate"], ["sec-fetch-dest": "document"], ["sec-fetch-mode": "no-cors", "sec-fetch-dest": "image"],
        ["sec-fetch-mode": "navigate", "sec-fetch-dest": "iframe"],
        browser.merging(["sec-purpose": "prefetch"]) { $1 }, browser.merging(["sec-purpose": "prefetch;prerender"]) { $1 },
        browser.merging(["purpose": "prefetch"]) { $1 },
    ])
    func scannersOfMailOpenNothing(headers: [String: String]) async throws {
        let notifier = TestNotifier()
        let house = try await House(notifier: notifier)
        #expect(try await follow(house, path, headers).headers["location"] == "/a-faire")
        #expect(await notifier.opened().isEmpty)
    }

    @Test func theHeadAloneOpensNothing() async throws {
        let notifier = TestNotifier()
        let house = try await House(notifier: notifier)
        #expect(try await follow(house, path, Self.browser, .head).status == 303)
        #expect(await notifier.opened().isEmpty)
    }

    @Test(arguments: [
        "/n/x?c=sms", "/n/\(NotificationMocks.message)", "/n/\(NotificationMocks.message)?c=pigeon", "/n/\(NotificationMocks.message)?c=",
        "/n/\(NotificationMocks.message.uppercased())?c=sms", "/n/\(NotificationMocks.message)0?c=sms", "/n/%00?c=sms", "/n/..%2Fa?c=sms",
    ])
    func whatIsNoLinkOfOursLeadsToTheSamePlaceAndOpensNothing(path: String) async throws {
        let notifier = TestNotifier()
        let house = try await House(notifier: notifier)
        let answer = try await follow(house, path, Self.browser)
        let known = try await follow(house, self.path, [:])
        #expect(answer.status == 303 && answer.headers == known.headers && answer.bytes == known.bytes)
        #expect(await notifier.opened().isEmpty)
    }

    @Test(arguments: [nil, TestTerritory.stranger, "x"]) func whoIsNobodyIsLedHome(rpps: String?) async throws {
        let notifier = TestNotifier()
        let house = try await House(notifier: notifier)
        #expect(try await follow(house, path, as: rpps, Self.browser).headers["location"] == "/")
        #expect(await notifier.opened().count == 1, "the message was opened, whoever it was")
    }

    @Test func aNoteThatFailsIsNoTroubleOfTheReader() async throws {
        let notifier = TestNotifier()
        notifier.state.withLock { $0.answers = Array(repeating: .failure(TestNotifier.Trouble()), count: 50) }
        let house = try await House(notifier: notifier)
        for _ in 0..<3 {
            #expect(try await follow(house, path, Self.browser).status == 303)
            #expect(await notifier.opened().isEmpty)
        }
    }

    // MARK: - The list

    @Test func whoOpensTheirListHasSeenWhatTheyWereTold() async throws {
        let notifier = TestNotifier()
        let house = try await House(notifier: notifier)
        let page = try await house.get("/a-faire", as: TestTerritory.nurse)
        #expect(page.status == 200 && page.text.contains(#"href="/notifications""#) && !page.text.contains("arretees"))
        #expect(await notifier.lists() == [TestTerritory.nurse])
        _ = try await house.get("/a-faire")
        _ = try await follow(house, "/a-faire", [:], .head)
        _ = try await follow(house, "/a-faire", ["sec-purpose": "prefetch"])
        #expect(await notifier.lists().count == 1)
        #expect(try await house.get("/a-faire", as: TestTerritory.referent).text.contains(#"href="/notifications/arretees""#))
        #expect(try await !House().get("/a-faire", as: TestTerritory.nurse).text.contains("/notifications"))
    }

    @Test func aScreenThatLoadsItselfAnewIsNobody() async throws {
        let notifier = TestNotifier()
        let house = try await House(notifier: notifier)
        _ = try await follow(house, "/a-faire?suivre=1", ["sec-fetch-mode": "navigate"])
        #expect(await notifier.lists().isEmpty)
        _ = try await follow(house, "/a-faire?suivre=1", ["sec-fetch-user": "?1"])
        #expect(await notifier.lists().count == 1)
    }
}
