import Hummingbird
import Logging
import NIOCore
import NIOHTTP1

/// Turns whatever a route throws into an answer: the API gets a problem document, a page gets a page. Nothing leaves without one: what
/// nobody mapped is a 500 and an error in the log.
struct ErrorMiddleware: RouterMiddleware {
    typealias Context = WebContext

    let pages: PageRenderer

    @concurrent
    func handle(
        _ request: Request,
        context: Context,
        next: @concurrent (Request, Context) async throws -> Response
    ) async throws -> Response {
        do {
            return try await next(request, context)
        } catch let redirect as SeeOther {
            return redirect.response
        } catch {
            let problem = Self.problem(of: error)
            if problem.status.code >= 500 {
                // The type alone: an error of a library may quote what it was given.
                context.logger.error(
                    "request failed",
                    metadata: ["code": "\(problem.code)", "route": "\(context.endpointPath ?? "-")", "error": "\(type(of: error))"]
                )
            }
            let isPage = Self.isPage(request.uri.path)
            return isPage ? pages.error(problem) : problem.response(instance: context.requestID.map { "urn:relais:request:\($0)" })
        }
    }

    static func problem(of error: any Error) -> Problem {
        switch error {
        case let error as any ProblemConvertible: return error.httpProblem
        case is NIOTooManyBytesError: return .tooLarge
        // The sender broke off, or its framing is wrong: theirs to mend.
        case is HTTPParserError, is ChannelError:
            return Problem(.badRequest, "bad-request", "The request cannot be read", "Its body ends early or is wrongly framed; send it whole.")
        case let error as any HTTPResponseError:
            if error.status == .notFound { return .notFound }
            if error.status == .contentTooLarge { return .tooLarge }
            return error.status.code < 500
                ? Problem(error.status, "bad-request", "The request cannot be read", "Check the request against schemas/openapi.yaml.") : .unexpected
        default: return .unexpected
        }
    }

    private static func isPage(_ path: String) -> Bool {
        // Below `/t/{territory}` too: who asks the API of a territory that is not served asks no page.
        !(path.hasPrefix("/api/") || path.contains("/api/v1/") || path.hasPrefix("/witness/") || ["/healthz", "/readyz", "/metrics"].contains(path))
    }
}
