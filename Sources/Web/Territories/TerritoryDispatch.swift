public import Hummingbird

/// Leads each request to its territory: by the path `/t/{id}/…`, or by the host `{id}.localhost` (or whatever name a proxy in front of it
/// keeps, as long as it begins with the id and a dot). What names no territory goes to the shared routes: health, metrics, the hospital's
/// messages, and a first page that leads on.
///
/// Each territory has a router of its own over its own services, so that no query of one can reach the other's files.
public struct TerritoryDispatch: HTTPResponder {
    public typealias Context = WebContext

    private let sites: [String: RouterResponder<WebContext>]
    private let shared: RouterResponder<WebContext>

    init(sites: [String: RouterResponder<WebContext>], shared: RouterResponder<WebContext>) {
        self.sites = sites
        self.shared = shared
    }

    @concurrent
    public func respond(to request: Request, context: WebContext) async throws -> Response {
        if let authority = request.head.authority {
            let host = OriginGuard.host(of: authority)
            if let dot = host.firstIndex(of: "."), let site = sites[host[..<dot].lowercased()] {
                return try await site.respond(to: request, context: context)
            }
        }
        guard let (id, rest) = Self.territory(in: request.head.path ?? "/") else {
            return try await shared.respond(to: request, context: context)
        }
        guard let site = sites[id] else {
            // The shared routes know no such path either, and say so in the form that was asked for.
            return try await shared.respond(to: request, context: context)
        }
        var head = request.head
        head.path = rest
        return try await site.respond(to: Request(head: head, body: request.body), context: context)
    }

    /// `/t/{id}` and what follows it.
    static func territory(in path: String) -> (id: String, rest: String)? {
        guard path.hasPrefix("/t/") else { return nil }
        let named = path.dropFirst(3)
        let end = named.firstIndex { $0 == "/" || $0 == "?" } ?? named.endIndex
        guard end != named.startIndex else { return nil }
        let rest = String(named[end...])
        return (String(named[..<end]), rest.hasPrefix("/") ? rest : "/\(rest)")
    }
}
