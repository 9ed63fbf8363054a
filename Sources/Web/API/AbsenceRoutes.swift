import Coordination
import Hummingbird
import Pathways
import Timekeeping

/// When professionals are away: declared by themselves, or by the référent-parcours for them.
struct AbsenceRoutes {
    private let services: WebServices

    init(_ services: WebServices) { self.services = services }

    func add(to router: some RouterMethods<WebContext>) {
        router.post("professionals/{rpps}/absences", use: declare)
        router.post("professionals/{rpps}/absences/ended", use: end)
    }

    @Sendable private func declare(_ request: Request, _ context: WebContext) async throws -> Response {
        let rpps = try RPPS(try context.parameters.require("rpps"))
        let write = try await WriteRequest(request, services)
        let absence = Absence(
            from: try write.body.instant("from"),
            to: try write.body.instant("to"),
            replacement: try write.body.optionalString("replacement").map { try RPPS($0) }
        )
        let outcome = try await services.absenceDesk.declare(absence, of: rpps.value, by: write.caller, key: write.key)
        return outcome.response()
    }

    @Sendable private func end(_ request: Request, _ context: WebContext) async throws -> Response {
        let rpps = try RPPS(try context.parameters.require("rpps"))
        let write = try await WriteRequest(request, services)
        let outcome = try await services.absenceDesk.end(
            absenceFrom: try write.body.instant("from"),
            of: rpps.value,
            at: try write.body.optionalInstant("at") ?? services.time.now(),
            by: write.caller,
            key: write.key
        )
        return outcome.response()
    }
}
