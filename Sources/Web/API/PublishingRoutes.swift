import Coordination
import Hummingbird
import Pathways
import Timekeeping

/// Territory, protocol and site profile files, published as events.
struct PublishingRoutes {
    /// Whoever runs the server, where no directory names anybody yet.
    static let operatorURN = "urn:relais:operator"
    private static let fileLimit = 2 * 1_024 * 1_024

    private let services: WebServices

    init(_ services: WebServices) { self.services = services }

    func add(to router: some RouterMethods<WebContext>) {
        router.put("territory", use: publishTerritory)
        router.put("protocols/{id}", use: publishProtocol)
        router.put("site-profiles/{id}", use: publishSiteProfile)
    }

    @Sendable private func publishTerritory(_ request: Request, _ context: WebContext) async throws -> Response {
        let author = try author(of: request)
        let yaml = try await file(request)
        return try response(try await services.territoryPublisher.publish(territory: yaml, file: "territory.yaml", by: author))
    }

    @Sendable private func publishProtocol(_ request: Request, _ context: WebContext) async throws -> Response {
        let author = try author(of: request)
        let yaml = try await file(request)
        let id = try context.parameters.require("id")
        let parsed = try ProtocolFile.parse(yaml: yaml, file: "\(id).yaml")
        guard parsed.id == id else {
            throw Problem(.unprocessableContent, "other-protocol", "The file is of another protocol", "Its id is \(parsed.id), the path names \(id).")
        }
        return try response(try await services.territoryPublisher.publish(protocol: yaml, file: "\(id).yaml", by: author))
    }

    @Sendable private func publishSiteProfile(_ request: Request, _ context: WebContext) async throws -> Response {
        let author = try author(of: request)
        let yaml = try await file(request)
        let id = try context.parameters.require("id")
        let parsed = try SiteProfileFile.parse(yaml: yaml, file: "\(id).yaml")
        guard parsed.id == id else {
            throw Problem(.unprocessableContent, "other-profile", "The file is of another profile", "Its id is \(parsed.id), the path names \(id).")
        }
        return try response(try await services.territoryPublisher.publish(siteProfile: yaml, file: "\(id).yaml", by: author))
    }

    /// Publishing needs no key: the same content published again is unchanged.
    private func author(of request: Request) throws -> Author {
        guard let actor = request.header("relais-actor") else { throw Problem.missingActor }
        if actor == Self.operatorURN { return Author(source: actor, actor: actor, occurredAt: services.time.now()) }
        let caller = try Caller(urn: actor, in: try services.territory())
        guard caller.attribution.capacity == .referent else { throw Problem.referentOnly }
        return Author(source: caller.urn, actor: caller.urn, occurredAt: services.time.now())
    }

    private func file(_ request: Request) async throws -> String {
        guard let text = String(validating: try await request.bytes(upTo: Self.fileLimit), as: UTF8.self) else {
            throw Problem(.badRequest, "malformed-body", "The body cannot be read", "A file is YAML in UTF-8.")
        }
        return text
    }

    private func response(_ result: TerritoryPublisher.Result) throws -> Response {
        switch result {
        case .published(let difference, let position):
            try JSONAnswer.response(encoding: PublishingAnswer(result: "published", difference: difference, position: position))
        case .unchanged:
            try JSONAnswer.response(encoding: PublishingAnswer(result: "unchanged", difference: [], position: nil))
        }
    }
}

/// What a publication changed.
private struct PublishingAnswer: Encodable {
    let result: String
    let difference: [String]
    let position: Int64?
}
