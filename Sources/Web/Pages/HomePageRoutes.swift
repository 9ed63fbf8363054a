import Coordination
import Hummingbird
import Pathways

/// `/`: saying who one is. There is no password yet; the page says so.
struct HomePageRoutes {
    private let services: WebServices
    private let pages: PageRenderer

    init(_ services: WebServices, _ pages: PageRenderer) {
        self.services = services
        self.pages = pages
    }

    func add(to router: some RouterMethods<WebContext>) {
        router.get("/", use: show)
        router.post("acteur", use: choose)
    }

    @Sendable private func show(_ request: Request, _ context: WebContext) async throws -> Response {
        let state = try services.territory()
        let badge = request.cookies[PageCaller.cookie].flatMap { try? PageCaller(rpps: $0.value, in: state) }?.badge
        return pages.response(
            HomePage(territory: state.territory, accounts: services.demoAccounts, caller: badge, flash: Flash(of: request))
        )
    }

    @Sendable private func choose(_ request: Request, _ context: WebContext) async throws -> Response {
        let form = try await FormBody(of: request)
        let digits = form["rpps"].map { String($0.filter { !$0.isWhitespace }) }
        guard let digits, let rpps = try? RPPS(digits), (try? PageCaller(rpps: rpps.value, in: try services.territory())) != nil else {
            throw SeeOther("/", .unknownPerson)
        }
        var response = SeeOther("/a-faire").response
        response.setCookie(PageCaller.setCookie(rpps))
        return response
    }
}
