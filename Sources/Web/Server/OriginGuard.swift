import Hummingbird

/// Keeps other sites' pages, open in a browser on this machine, from using this server.
///
/// A request must be addressed to a name of this machine: a site that points its own name at 127.0.0.1 could else read every answer. A
/// request that changes something must not come from another site (`Sec-Fetch-Site`, `Origin`); this holds for the API too, since a form
/// can send any text to it.
struct OriginGuard: RouterMiddleware {
    typealias Context = WebContext

    @concurrent
    func handle(
        _ request: Request,
        context: Context,
        next: @concurrent (Request, Context) async throws -> Response
    ) async throws -> Response {
        if let authority = request.head.authority, !LoopbackOnly.isLoopback(Self.host(of: authority)) { throw Problem.foreignHost }
        if request.method != .get, request.method != .head, Self.isCrossSite(request) { throw Problem.crossSite }
        return try await next(request, context)
    }

    static func isCrossSite(_ request: Request) -> Bool {
        if let site = request.header("sec-fetch-site"), site != "same-origin", site != "none" { return true }
        guard let origin = request.header("origin") else { return false }
        guard let separator = origin.firstRange(of: "://") else { return true }
        return request.head.authority.map { origin[separator.upperBound...].lowercased() != $0.lowercased() } ?? true
    }

    /// The host without its port, brackets kept.
    static func host(of authority: String) -> Substring {
        if authority.hasPrefix("["), let end = authority.firstIndex(of: "]") { return authority[...end] }
        return authority.prefix { $0 != ":" }
    }
}
