import Hummingbird
import Pathways
import Projections

/// To-do lists, now or as they stood.
struct ProfessionalRoutes {
    private let services: WebServices

    init(_ services: WebServices) { self.services = services }

    func add(to router: some RouterMethods<WebContext>) {
        router.get("professionals/{rpps}/todo", use: toDo)
    }

    @Sendable private func toDo(_ request: Request, _ context: WebContext) async throws -> Response {
        let rpps = try RPPS(try context.parameters.require("rpps"))
        try await services.awaitMinimum(of: request)
        let asOf = try AsOf(request, services)
        return try JSONAnswer.response(encoding: try services.toDo.list(rpps: rpps.value, asOf: asOf.position, now: asOf.now))
    }
}
