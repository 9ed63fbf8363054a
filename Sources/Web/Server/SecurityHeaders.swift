import Hummingbird

/// Headers that every answer carries, errors included: nothing is stored, framed or sniffed, and pages run nothing but our own style sheet.
struct SecurityHeaders: RouterMiddleware {
    typealias Context = WebContext

    static let contentSecurityPolicy =
        "default-src 'none'; style-src 'self'; form-action 'self'; img-src 'self'; base-uri 'none'; frame-ancestors 'none'"

    private static let referrerPolicy = HTTPFields.Element.Name("Referrer-Policy")
    private static let openerPolicy = HTTPFields.Element.Name("Cross-Origin-Opener-Policy")

    @concurrent
    func handle(
        _ request: Request,
        context: Context,
        next: @concurrent (Request, Context) async throws -> Response
    ) async throws -> Response {
        var response = try await next(request, context)
        response.headers[.contentSecurityPolicy] = Self.contentSecurityPolicy
        response.headers[.xContentTypeOptions] = "nosniff"
        response.headers[.crossOriginResourcePolicy] = "same-origin"
        if let name = Self.referrerPolicy { response.headers[name] = "no-referrer" }
        if let name = Self.openerPolicy { response.headers[name] = "same-origin" }
        // The style sheet says otherwise of itself.
        if response.headers[.cacheControl] == nil { response.headers[.cacheControl] = "no-store" }
        return response
    }
}
