import Hummingbird
import Pathways
import Projections

/// Why a follow-up is in somebody's list: the events, the protocol's rule, who was asked before.
struct WhyRoutes {
    private let services: WebServices

    init(_ services: WebServices) { self.services = services }

    func add(to router: some RouterMethods<WebContext>) {
        router.get("follow-ups/{id}/why", use: why)
    }

    /// The document says nothing of who the patient is, so that it may be asked for before anybody accepts.
    @Sendable private func why(_ request: Request, _ context: WebContext) async throws -> Response {
        let followUp = try context.parameters.require("id")
        let reader = try request.query("for").map { try RPPS($0) }
        try await services.awaitMinimum(of: request)
        let position = try AsOf(request, services).position
        guard let explanation = try services.why.explanation(ofFollowUp: followUp, inListOf: reader?.value, asOf: position) else {
            throw reader == nil ? Problem.unknownFollowUp : Problem.notInTheList
        }
        return JSONAnswer.response(bytes: try explanation.json())
    }
}
