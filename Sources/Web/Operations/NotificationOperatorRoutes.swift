import Hummingbird
import Pathways
import Timekeeping

/// Messages that wait for somebody to look, for whoever holds the data directory.
struct NotificationOperatorRoutes {
    private let notifications: NotificationServices

    init(_ notifications: NotificationServices) { self.notifications = notifications }

    func add(to router: some RouterMethods<WebContext>) {
        router.get("operations/notifications/parked", use: list)
        router.post("operations/notifications/{message}/retry", use: retry)
    }

    @Sendable private func list(_ request: Request, _ context: WebContext) async throws -> Response {
        try JSONAnswer.response(encoding: ParkedMessages(parked: try notifications.parked().map(ParkedMessages.Entry.init)))
    }

    @Sendable private func retry(_ request: Request, _ context: WebContext) async throws -> Response {
        let message = try context.parameters.require("message")
        guard NewsLink.isMessage(message), try await notifications.retry(message) else { throw Problem.messageNotParked }
        return JSONAnswer.response { json in
            json.write("message", message)
            json.write("done", "retry")
        }
    }
}

/// Messages that wait for somebody to look, the oldest first.
private struct ParkedMessages: Encodable {
    struct Entry: Encodable {
        let message: String
        let professional: String
        let templates: [String]
        let since: String
        let problem: String?

        init(_ stopped: StoppedMessage) {
            message = stopped.message
            professional = stopped.recipient
            templates = stopped.templates
            since = stopped.since.rfc3339
            problem = if case .parked(let problem) = stopped.cause { problem } else { nil }
        }
    }

    let parked: [Entry]
}

extension Problem {
    static let messageNotParked = Problem(
        .notFound,
        "not-parked",
        "Nothing is parked under this id",
        "relais notifications parked lists what is; what was tried again meanwhile is parked no more."
    )
}
