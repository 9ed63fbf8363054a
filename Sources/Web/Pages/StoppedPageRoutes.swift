import Coordination
import Hummingbird
import Pathways
import Timekeeping

/// `/notifications/arretees`, for the référent-parcours.
struct StoppedPageRoutes {
    static let path = "/notifications/arretees"
    private static let days: Int64 = 7

    private let services: WebServices
    private let notifications: NotificationServices
    private let pages: PageRenderer

    init(_ services: WebServices, _ notifications: NotificationServices, _ pages: PageRenderer) {
        self.services = services
        self.notifications = notifications
        self.pages = pages
    }

    func add(to router: some RouterMethods<WebContext>) {
        router.get("notifications/arretees", use: show)
        router.post("notifications/arretees/{message}/reessayer", use: retry)
    }

    @Sendable private func show(_ request: Request, _ context: WebContext) async throws -> Response {
        let caller = try referent(request)
        let now = services.time.now()
        let page = StoppedPage(
            parked: try notifications.parked(),
            undeliverable: try notifications.undeliverable(now.adding(hours: -24 * Self.days)),
            caller: caller,
            flash: Flash(of: request),
            PeopleNames(services, try services.territory().territory),
            try FormClock.of(services, now),
            title: notifications.title
        )
        return pages.response(page)
    }

    @Sendable private func retry(_ request: Request, _ context: WebContext) async throws -> Response {
        _ = try referent(request)
        let message = try context.parameters.require("message")
        let isRetried = try NewsLink.isMessage(message) ? await notifications.retry(message) : false
        throw SeeOther(Self.path, isRetried ? .triedAgain : .nothingToTry)
    }

    private func referent(_ request: Request) throws -> PageCaller {
        let caller = try PageCaller.of(request, services)
        guard caller.isReferent else { throw Problem.referentOnly }
        return caller
    }
}
