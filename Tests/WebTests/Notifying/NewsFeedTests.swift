import Coordination
import Foundation
import Hummingbird
import HummingbirdTesting
import Notifications
import Pathways
import Synchronization
import Testing
import Timekeeping

@testable import Web

@Suite struct NewsFeedTests {
    private static let nurse = TestTerritory.nurse

    private func feed(
        _ house: House,
        _ query: String = "",
        of rpps: String = nurse,
        by actor: String? = nurse,
        _ more: [String: String] = [:]
    ) async throws
        -> Answer
    {
        var headers = more
        if let actor { headers["relais-actor"] = "urn:rpps:\(actor)" }
        return try await house.send(.get, "/api/v1/professionals/\(rpps)/feed\(query)", headers: headers)
    }

    // MARK: - Pages

    @Test func messagesComeInTheirOrderUnderTheKeysOfEveryChannel() async throws {
        let notifier = TestNotifier()
        let house = try await House(notifier: notifier)
        let first = notifier.form(["e1", "e2"], to: Self.nurse)
        notifier.form(["e9"], to: TestTerritory.gp)
        let second = notifier.form(["e3"], to: Self.nurse, asks: false)
        let third = notifier.form(["e4"], to: Self.nurse)
        let page = try await feed(house, "?limit=2")
        #expect(page.status == 200, "\(page.text)")
        #expect(try page.list("entries").map { $0["message"] as? String } == [first, second])
        let items = try #require(try page.list("entries")[0]["items"] as? [[String: Any]])
        #expect(items.map { $0["key"] as? String } == ["key-e1-offer-named", "key-e2-offer-named"])
        #expect(items[0]["event"] as? String == "e1" && items[0]["followUp"] as? String == "f-e1" && items[0]["asks"] as? Bool == true)
        #expect(items[0]["answerBy"] != nil && items[0]["pathway"] as? String == "0f0e0d0c0b0a09080706050403020100")
        let silent = try #require(try page.list("entries")[1]["items"] as? [[String: Any]])
        #expect(silent[0]["asks"] as? Bool == false && silent[0]["answerBy"] == nil)
        let next = try await feed(house, "?limit=2&cursor=\(try page.string("next"))")
        #expect(try next.list("entries").map { $0["message"] as? String } == [third])
        let last = try #require(try next.list("entries").first?["cursor"] as? String)
        #expect(try next.string("next") == last)
        let end = try await feed(house, "?cursor=\(last)")
        #expect(try end.list("entries").isEmpty && end.string("next") == last)
        for name in ["Naud", "Margaux", "Garnier"] { #expect(!page.text.contains(name)) }
    }

    @Test func whatWasCancelledBeforeAnybodyWasToldIsLeftOut() async throws {
        let notifier = TestNotifier()
        let house = try await House(notifier: notifier)
        for number in 0..<12 { notifier.form(["gone\(number)"], to: Self.nurse, state: .cancelled(.superseded)) }
        let told = notifier.form(["e1"], to: Self.nurse)
        var page = try await feed(house, "?limit=1")
        for _ in 0..<4 where try page.list("entries").isEmpty { page = try await feed(house, "?limit=1&cursor=\(try page.string("next"))") }
        #expect(try page.list("entries").map { $0["message"] as? String } == [told])
    }

    @Test func aCursorOfAnotherOutboxBeginsAnew() async throws {
        let (lost, made) = (TestNotifier(outbox: "lost"), TestNotifier(outbox: "made"))
        for number in 0..<5 { lost.form(["e\(number)"], to: Self.nurse) }
        let cursor = try await feed(try await House(notifier: lost)).string("next")
        let message = made.form(["e1"], to: Self.nurse)
        let house = try await House(notifier: made)
        #expect(try await feed(house, "?cursor=\(cursor)").list("entries").map { $0["message"] as? String } == [message])
    }

    // MARK: - Who, and what they may send

    @Test func itIsForThePersonAndTheReferent() async throws {
        let notifier = TestNotifier()
        let house = try await House(notifier: notifier)
        notifier.form(["e1"], to: Self.nurse)
        try await feed(house, by: nil).expectProblem(401, "actor-missing")
        try await feed(house, by: "123").expectProblem(401, "actor-malformed")
        try await feed(house, by: TestTerritory.stranger).expectProblem(403, "actor-unknown")
        for other in [TestTerritory.gp, TestTerritory.cardiology] { try await feed(house, by: other).expectProblem(403, "referent-only") }
        #expect(try await feed(house, by: TestTerritory.referent).list("entries").count == 1)
        try await feed(house, of: TestTerritory.stranger, by: TestTerritory.referent).expectProblem(404, "unknown-professional")
        try await House().get("/api/v1/professionals/\(Self.nurse)/feed").expectProblem(404, "not-found")
    }

    @Test(arguments: ["abc", "1", "99999000440", "9999900044３", "%00", "-99999000443"])
    func feedsAreOfAnRPPS(rpps: String) async throws {
        let house = try await House(notifier: TestNotifier())
        let path = rpps.addingPercentEncoding(withAllowedCharacters: .alphanumerics.union(["%", "-"])) ?? rpps
        try await feed(house, of: path).expectProblem(422, "invalid-identifier")
    }

    private static func encoded(_ text: String) -> String { Data(text.utf8).base64EncodedString().replacing("=", with: "") }

    private static let wrongCursors = [
        "x", "0", "-1", "é", "n:essai:1", String(repeating: "A", count: 5_000), encoded("n:essai:-1"),
        encoded("n:essai:9223372036854775808"),
        encoded("n:essai:+1"), encoded("n:essai:01"), encoded("n:essai:1:1"), encoded("1:2:3"), encoded("n:essai:"),
        encoded("n:essai:1") + "=",
        "%F0%9F%92%A3",
    ]

    @Test(arguments: wrongCursors)
    func cursorsThatNobodyGaveAreRefused(cursor: String) async throws {
        let house = try await House(notifier: TestNotifier())
        let text = cursor.addingPercentEncoding(withAllowedCharacters: .alphanumerics.union(["%"])) ?? cursor
        try await feed(house, "?cursor=\(text)").expectProblem(400, "malformed-parameter")
        let plain = cursor.unicodeScalars.allSatisfy(\.isASCII) ? cursor : "?"
        let events = ["accept": "text/event-stream", "last-event-id": plain]
        try await feed(house, "", events).expectProblem(400, "malformed-parameter")
    }

    private func feed(_ house: House, _ query: String, _ headers: [String: String]) async throws -> Answer {
        try await feed(house, query, of: Self.nurse, by: Self.nurse, headers)
    }

    @Test func aCursorBeyondTheEndWaitsForWhatComesAfterIt() async throws {
        let notifier = TestNotifier()
        let house = try await House(notifier: notifier)
        notifier.form(["e1"], to: Self.nurse)
        let cursor = NewsFeedCursor(outbox: "essai", number: .max).text
        let page = try await feed(house, "?cursor=\(cursor)&limit=500&wait=1")
        #expect(try page.list("entries").isEmpty && page.string("next") == cursor)
    }

    @Test(arguments: ["limit=0", "limit=501", "limit=x", "wait=31", "wait=-1", "wait=1.5", "wait=99999999999999999999"])
    func limitsHold(query: String) async throws {
        try await feed(try await House(notifier: TestNotifier()), "?\(query)").expectProblem(400, "malformed-parameter")
    }

    // MARK: - Waiting

    @Test func whoWaitsIsAnsweredWhenSomethingComes() async throws {
        let notifier = TestNotifier(pace: NewsFeedPace(look: .milliseconds(20)))
        let house = try await House(notifier: notifier)
        async let waiting = feed(house, "?wait=30")
        try await Task.sleep(for: .milliseconds(60))
        let message = notifier.form(["e1"], to: Self.nurse)
        #expect(try await waiting.list("entries").map { $0["message"] as? String } == [message])
    }

    @Test func whoWaitsInVainGetsAnEmptyPage() async throws {
        let house = try await House(notifier: TestNotifier())
        let begin = ContinuousClock.now
        let page = try await feed(house, "?wait=30")
        #expect(try page.list("entries").isEmpty)
        #expect(ContinuousClock.now - begin >= .milliseconds(60), "thirty looks")
    }

    @Test func onlySoManyMayWait() async throws {
        let notifier = TestNotifier(pace: NewsFeedPace(look: .milliseconds(20), listenersPerPerson: 2, listeners: 3))
        let house = try await House(notifier: notifier)
        let (nurse, gp, other) = (Self.nurse, TestTerritory.gp, TestTerritory.otherNurse)
        try await house.test { client in
            @Sendable func ask(_ rpps: String, wait: Int = 30) async throws -> Answer {
                try await client.execute(
                    uri: "/api/v1/professionals/\(rpps)/feed?wait=\(wait)",
                    method: .get,
                    headers: [try #require(HTTPFields.Element.Name("relais-actor")): "urn:rpps:\(rpps)"]
                ) { Answer($0) }
            }
            try await withThrowingTaskGroup(of: Answer.self) { group in
                for rpps in [nurse, nurse, gp] { group.addTask { try await ask(rpps) } }
                try await Task.sleep(for: .milliseconds(150))
                let refused = try await ask(nurse)
                try refused.expectProblem(429, "too-many-listeners")
                #expect(refused.headers["retry-after"] == "30")
                try await ask(other).expectProblem(429, "too-many-listeners")
                #expect(try await ask(nurse, wait: 0).status == 200, "who does not wait needs no place")
                for try await answer in group { #expect(answer.status == 200) }
            }
            #expect(try await ask(other, wait: 1).status == 200, "places are given back")
        }
    }

    // MARK: - Opened

    @Test func whatTheirOwnSoftwareFetchesIsOpenedOnce() async throws {
        let notifier = TestNotifier()
        let house = try await House(notifier: notifier)
        let messages = [notifier.form(["e1"], to: Self.nurse), notifier.form(["e2"], to: Self.nurse)]
        _ = try await feed(house, by: TestTerritory.referent)
        _ = try await house.send(.head, "/api/v1/professionals/\(Self.nurse)/feed", headers: ["relais-actor": "urn:rpps:\(Self.nurse)"])
        #expect(await notifier.opened().isEmpty)
        for _ in 0..<3 {
            _ = try await feed(house)
            _ = await notifier.opened()
        }
        let opened = await notifier.opened()
        #expect(Set(opened.map(\.message)) == Set(messages) && opened.count == 2, "\(opened)")
        #expect(opened.allSatisfy { $0.via == .feed && $0.channel == nil })
    }
}
