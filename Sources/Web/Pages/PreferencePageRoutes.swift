import Coordination
import EventStore
import Hummingbird
import Pathways

/// `/notifications`: « Mes notifications ».
struct PreferencePageRoutes {
    static let path = "/notifications"

    private let services: WebServices
    private let notifications: NotificationServices
    private let pages: PageRenderer

    init(_ services: WebServices, _ notifications: NotificationServices, _ pages: PageRenderer) {
        self.services = services
        self.notifications = notifications
        self.pages = pages
    }

    func add(to router: some RouterMethods<WebContext>) {
        router.get("notifications", use: show)
        router.post("notifications", use: save)
    }

    @Sendable private func show(_ request: Request, _ context: WebContext) async throws -> Response {
        let caller = try PageCaller.of(request, services)
        let page = PreferencePage(
            try notifications.recipient(caller.rpps),
            in: try services.territory().territory,
            caller: caller,
            offered: notifications.channels,
            mutable: notifications.mutableTemplates.map { ($0, notifications.title($0)) },
            flash: Flash(of: request),
            key: services.coordinator.ids.next().description
        )
        return pages.response(page)
    }

    @Sendable private func save(_ request: Request, _ context: WebContext) async throws -> Response {
        let caller = try PageCaller.of(request, services)
        let form = try await FormBody(of: request)
        do {
            let wishes = try PreferenceForm.wishes(in: form, mutable: notifications.mutableTemplates)
            guard let key = form.requestKey("notifications") else { throw Problem.missingKey }
            _ = try await notifications.setChannels(wishes, caller.rpps, caller.caller, key)
            throw SeeOther(Self.path, .channelsSet)
        } catch {
            guard let fault = FormFault(error) else { throw error }
            throw SeeOther(Self.path, fault.message)
        }
    }
}
