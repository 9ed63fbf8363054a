import Hummingbird
import Logging
import Timekeeping

/// One line per request: method, route pattern, status, duration. Never the path itself, its query, a header or a body.
struct RequestLog: RouterMiddleware {
    typealias Context = WebContext

    let time: TimeSource

    @concurrent
    func handle(
        _ request: Request,
        context: Context,
        next: @concurrent (Request, Context) async throws -> Response
    ) async throws -> Response {
        let start = time.now()
        let response = try await next(request, context)
        context.logger.info(
            "request",
            metadata: [
                "method": "\(request.method.rawValue)",
                "route": "\(context.endpointPath ?? "-")",
                "status": "\(response.status.code)",
                "milliseconds": "\(time.now().milliseconds(since: start))",
            ]
        )
        return response
    }
}
