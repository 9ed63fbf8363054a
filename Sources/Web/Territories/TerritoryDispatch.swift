public import Hummingbird

/// Leads each request to its territory: by the path `/t/{id}/…` or by the host `{id}.localhost`. What names none goes to the shared routes:
/// health, metrics, the hospital's messages, and a first page that leads on.
///
/// Each territory has a router of its own over its own services, so that no query of one can reach the other's files.
public struct TerritoryDispatch: HTTPResponder {
    public typealias Context = WebContext

    private let selection: TerritorySelection
    private let sites: [String: RouterResponder<WebContext>]
    private let shared: RouterResponder<WebContext>

    init(sites: [String: RouterResponder<WebContext>], shared: RouterResponder<WebContext>) {
        selection = TerritorySelection(
            territories: sites.keys.sorted(),
            hosts: Dictionary(uniqueKeysWithValues: sites.keys.map { ("\($0).localhost", $0) })
        )
        self.sites = sites
        self.shared = shared
    }

    @concurrent
    public func respond(to request: Request, context: WebContext) async throws -> Response {
        let target = request.head.path ?? "/"
        let path = String(target.prefix { $0 != "?" })
        switch selection.choose(host: request.head.authority, path: path) {
        case .none, .unknown:
            // The shared routes know no path of an unknown territory, and say so in the form that was asked for.
            return try await shared.respond(to: request, context: context)
        case .territory(let id, let rest):
            guard let site = sites[id] else { return try await shared.respond(to: request, context: context) }
            var head = request.head
            head.path = rest + target.dropFirst(path.count)
            return try await site.respond(to: Request(head: head, body: request.body), context: context)
        }
    }
}
