import Hummingbird
import Projections
import Timekeeping

/// What came from each sender.
struct FeedStatusRoutes {
    private let services: WebServices

    init(_ services: WebServices) { self.services = services }

    func add(to router: some RouterMethods<WebContext>) {
        router.get("feed", use: feed)
    }

    @Sendable private func feed(_ request: Request, _ context: WebContext) async throws -> Response {
        try await services.awaitMinimum(of: request)
        return try JSONAnswer.response(encoding: try services.feed.status(now: services.time.now()))
    }
}
