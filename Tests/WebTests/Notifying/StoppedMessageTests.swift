import Hummingbird
import HummingbirdTesting
import Logging
import Notifications
import Pathways
import Synchronization
import Testing
import Timekeeping

@testable import Web

@Suite struct StoppedMessageTests {
    private func notifier() throws -> TestNotifier {
        let notifier = TestNotifier()
        let parked = StoppedMessage(
            message: NotificationMocks.message,
            recipient: TestTerritory.nurse,
            templates: ["offer-named"],
            since: try NotificationMocks.at("08:30"),
            cause: .parked(problem: "<b>no words</b>")
        )
        let dead = try ["2026-11-21T09:00:00+01:00", "2026-11-01T09:00:00+01:00"].map { text in
            StoppedMessage(
                message: String(NotificationMocks.message.reversed()),
                recipient: TestTerritory.gp,
                templates: ["discharge-notice"],
                since: try Mocks.instant(text),
                cause: .undeliverable(.expired, tried: [.email], told: TestTerritory.referent)
            )
        }
        notifier.state.withLock { state in
            state.parked = [parked]
            state.undeliverable = dead
        }
        return notifier
    }

    @Test func theReferentSeesWhatGoesNoFurtherAndTriesAgain() async throws {
        let notifier = try notifier()
        let house = try await House(notifier: notifier)
        let page = try await house.get("/notifications/arretees", as: TestTerritory.referent)
        #expect(page.status == 200 && page.text.contains("Margaux Naud") && page.text.contains("&lt;b&gt;no words"))
        #expect(page.text.contains("Essayé par courriel. Prévenu·e à la place : Camille Moreau."))
        #expect(page.text.matches(of: /Réessayer/).count == 2, "one is older than seven days")
        let retry = "/notifications/arretees/\(NotificationMocks.message)/reessayer"
        #expect(
            try await house.post(retry, form: "", as: TestTerritory.referent).headers["location"]
                == "/notifications/arretees?message=nouvel-essai"
        )
        #expect(
            try await house.post(retry, form: "", as: TestTerritory.referent).headers["location"]?.hasSuffix("rien-a-reessayer") == true
        )
        let odd = try await house.post("/notifications/arretees/x/reessayer", form: "", as: TestTerritory.referent)
        #expect(odd.headers["location"]?.hasSuffix("rien-a-reessayer") == true)
        #expect(notifier.state.withLock { $0.retried } == [NotificationMocks.message])
    }

    @Test(arguments: [TestTerritory.nurse, TestTerritory.cardiology]) func othersDoNot(rpps: String) async throws {
        let notifier = try notifier()
        let house = try await House(notifier: notifier)
        let page = try await house.get("/notifications/arretees", as: rpps)
        #expect(page.status == 403 && page.text.contains("Cette page est au référent-parcours") && !page.text.contains("Naud, "))
        let retry = try await house.post("/notifications/arretees/\(NotificationMocks.message)/reessayer", form: "", as: rpps)
        #expect(retry.status == 403 && notifier.state.withLock { $0.retried }.isEmpty)
        #expect(try await house.get("/notifications/arretees").headers["location"] == "/?message=qui")
    }

    @Test func whoHoldsTheDirectoryDoesSoOverTheControlSocketAlone() async throws {
        let notifier = try notifier()
        let house = try await House(notifier: notifier)
        let path = "/api/v1/operations/notifications"
        try await house.get("\(path)/parked").expectProblem(404, "not-found")
        let refusal = CancellationError()
        let operations = OperatorServices(
            rotate: { _ in throw refusal },
            retry: { _ in throw refusal },
            discard: { _, _, _ in throw refusal },
            projection: { _, _ in throw refusal }
        )
        let router = try WebServer.buildRouter(services: house.services, operations: operations)
        let application = Application(router: router, logger: Logger(label: "web") { _ in SwiftLogNoOpLogHandler() })
        try await application.test(.router) { client in
            let list = try await client.execute(uri: "\(path)/parked", method: .get) { Answer($0) }
            let entry = try #require(try list.list("parked").first)
            #expect(entry["message"] as? String == NotificationMocks.message && entry["problem"] as? String == "<b>no words</b>")
            let retry = "\(path)/\(NotificationMocks.message)/retry"
            #expect(try await client.execute(uri: retry, method: .post) { Answer($0) }.status == 200)
            try await client.execute(uri: retry, method: .post) { try Answer($0).expectProblem(404, "not-parked") }
            try await client.execute(uri: "\(path)/%2e%2e/retry", method: .post) { try Answer($0).expectProblem(404, "not-parked") }
            #expect(try await client.execute(uri: "\(path)/parked", method: .get) { Answer($0) }.list("parked").isEmpty)
        }
    }

    @Test func onlyWhatIsParkedIsStopped() throws {
        func message(_ state: Delivery.State) throws -> OutboxMessage {
            let notifier = TestNotifier()
            return try #require(notifier.outbox.message(notifier.form(["e"], to: TestTerritory.nurse, state: state)))
        }
        let since = TestNotifier.at
        #expect(StoppedMessage(try message(.waiting(until: since))) == nil)
        #expect(StoppedMessage(try message(.settled)) == nil)
        let parked = try #require(StoppedMessage(try message(.parked(problem: "p", since: since))))
        #expect(parked.cause == .parked(problem: "p") && parked.since == since && parked.templates == ["offer-named"])
    }
}
