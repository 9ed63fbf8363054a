import Coordination
import EventStore
import Hummingbird
import Pathways

/// « Ai-je été prévenu ? »: who was told what about a pathway, and how that is known.
struct LedgerRoutes {
    private let services: WebServices
    private let notifications: NotificationServices

    init(_ services: WebServices, _ notifications: NotificationServices) {
        self.services = services
        self.notifications = notifications
    }

    func add(to router: some RouterMethods<WebContext>) {
        router.get("pathways/{id}/notifications", use: show)
    }

    /// For whoever may see the pathway's page, and of it what they see there.
    @Sendable private func show(_ request: Request, _ context: WebContext) async throws -> Response {
        let stream = try request.pathway(context)
        guard let actor = request.header("relais-actor") else { throw Problem.missingReader }
        let state = try services.territory()
        let caller = try Caller(urn: actor, in: state)
        try await services.awaitMinimum(of: request)
        let pathway = try services.open(stream, to: caller)
        let reader = caller.attribution.rpps
        let view = LedgerView(
            try notifications.ledger(stream.hex),
            of: pathway,
            for: reader,
            seesAll: caller.attribution.capacity != .professional,
            referent: state.territory?.referent.rpps.value
        )
        return try JSONAnswer.response(
            encoding: LedgerDocument(
                view,
                pathway: stream.hex,
                reader: reader,
                PeopleNames(services, state.territory),
                title: notifications.title
            )
        )
    }
}
