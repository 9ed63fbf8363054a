import Hummingbird
import Pathways

/// Operations on the data directory itself.
struct OperatorRoutes {
    private static let textLimit = 500

    private let operations: OperatorServices

    init(_ operations: OperatorServices) { self.operations = operations }

    func add(to router: some RouterMethods<WebContext>) {
        router.post("operations/keys/rotate", use: rotate)
        router.post("operations/promote") { _, _ in
            guard let promote = operations.promote else {
                throw Problem(.conflict, "not-a-copy", "There is nothing to promote", "This server writes its territory's log already.")
            }
            do {
                return try JSONAnswer.response(encoding: try await promote())
            } catch let refusal as OperatorServices.PromotionRefused {
                throw Problem(.conflict, "not-a-standby", "There is nothing to promote", refusal.reason)
            }
        }
        router.post("operations/parked/{id}/retry", use: retry)
        router.post("operations/parked/{id}/discard", use: discard)
        for action in OperatorServices.ProjectionAction.allCases {
            router.post("operations/projections/{name}/\(action.rawValue)") { _, context in
                let name = try context.parameters.require("name")
                try await operations.projection(action, name)
                return JSONAnswer.response { json in
                    json.write("projection", name)
                    json.write("done", action.rawValue)
                }
            }
        }
    }

    @Sendable private func rotate(_ request: Request, _ context: WebContext) async throws -> Response {
        let place = try await body(of: request).optionalString("to")
        return try JSONAnswer.response(encoding: try operations.rotate(place))
    }

    @Sendable private func retry(_ request: Request, _ context: WebContext) async throws -> Response {
        guard let result = try await operations.retry(try context.parameters.require("id", as: Int64.self)) else { throw Problem.notParked }
        return try JSONAnswer.response(encoding: result)
    }

    @Sendable private func discard(_ request: Request, _ context: WebContext) async throws -> Response {
        let body = try await body(of: request)
        let (reason, by) = (try text(body, "reason"), try text(body, "by"))
        guard let result = try await operations.discard(try context.parameters.require("id", as: Int64.self), reason, by) else {
            throw Problem.notParked
        }
        return try JSONAnswer.response(encoding: result)
    }

    private func body(of request: Request) async throws -> JSONObject {
        let bytes = try await request.bytes(upTo: WriteRequest.bodyLimit)
        return try JSONDocument(bytes.isEmpty ? Array("{}".utf8) : bytes).object()
    }

    private func text(_ body: JSONObject, _ name: StaticString) throws -> String {
        try IdentityMembers.text(try body.string(name), "\(name)", limit: Self.textLimit)
    }
}
