import Coordination
import EventStore
import FrenchText
import Hummingbird
import Pathways
import Projections
import Timekeeping

/// `/a-faire` and what is done with a follow-up there. What is reported from there is in ``ReportPageRoutes``.
struct ToDoPageRoutes {
    static let path = "/a-faire"

    private let services: WebServices
    private let pages: PageRenderer

    init(_ services: WebServices, _ pages: PageRenderer) {
        self.services = services
        self.pages = pages
    }

    func add(to router: some RouterMethods<WebContext>) {
        router.get("a-faire", use: show)
        router.post("a-faire/{id}/accepter") { request, context in
            try await perform("accepter", request, context, said: .accepted) { form, _, _ in
                form["equipe"].map { FollowUpDesk.Action.claim(team: $0) } ?? .accept
            }
        }
        router.post("a-faire/{id}/decliner") { request, context in
            try await perform("decliner", request, context, said: .declined) { form, _, _ in
                guard let reason = form["motif"].flatMap(DeclineReason.init(rawValue:)) else { throw FormFault(.reasonMissing) }
                return form["equipe"].map { FollowUpDesk.Action.declineForTeam($0, reason) } ?? .decline(reason)
            }
        }
        router.post("a-faire/{id}/fait") { request, context in
            try await perform("fait", request, context, said: .done, Self.completion)
        }
        router.post("a-faire/{id}/vu") { request, context in
            try await perform("vu", request, context, said: .seen) { _, _, _ in .acknowledgeWithdrawal }
        }
        router.post("a-faire/{id}/solliciter") { request, context in
            try await perform("solliciter", request, context, said: .solicitedAgain) { _, _, _ in .solicitAgain }
        }
    }

    // MARK: - Showing

    @Sendable private func show(_ request: Request, _ context: WebContext) async throws -> Response {
        let caller = try PageCaller.of(request, services)
        try await services.awaitMinimum(of: request)
        let state = try services.territory()
        let now = services.time.now()
        let clock = try FormClock.of(services, now)
        let list = try services.toDo.list(rpps: caller.rpps, now: now)
        let page = ToDoPage(
            list,
            ToDoPage.Surroundings(
                caller: caller.badge,
                library: state.protocols,
                flash: Flash(of: request),
                key: services.coordinator.ids.next().description,
                follows: request.query("suivre") == "1",
                outlook: { item in
                    StreamID(hex: item.pathway).flatMap { services.followUp(item.followUp, in: $0) }.map { followUp in
                        ItemOutlook(followUp, reader: caller, in: state.territory, clock: clock)
                    }
                },
                notifies: services.notifications != nil
            )
        )
        if Self.isSeen(request) { services.notifications?.openings.take(.sawList(rpps: caller.rpps)) }
        return pages.response(page)
    }

    /// Whether somebody looks: a page that loads itself anew may stand on a screen with nobody before it.
    private static func isSeen(_ request: Request) -> Bool {
        guard request.method == .get, request.header("sec-purpose") == nil else { return false }
        return request.query("suivre") != "1" || request.header("sec-fetch-user") == "?1"
    }

    // MARK: - Acting

    private func perform(
        _ verb: String,
        _ request: Request,
        _ context: WebContext,
        said message: FlashMessage,
        _ read: @Sendable (FormBody, FrenchClock, Instant) throws -> FollowUpDesk.Action
    ) async throws -> Response {
        let caller = try PageCaller.of(request, services)
        let form = try await FormBody(of: request)
        let followUp = try context.parameters.require("id")
        guard let pathway = try services.timeline.pathway(ofFollowUp: followUp) else { throw Problem.unknownFollowUp }
        let fragment = "s-\(followUp)"
        do {
            let now = services.time.now()
            let clock = try FormClock.of(services, now)
            let wasMine = try services.coordinator.loader.pathway(pathway).state.followUp(followUp)?.acceptedBy == caller.rpps
            let key = form.requestKey("\(verb)/\(followUp)")
            let outcome = try await services.followUpDesk.perform(
                try read(form, clock, now),
                on: followUp,
                in: pathway,
                by: caller.caller,
                key: key
            )
            let isShown = await services.awaitPosition(outcome.position, WebServices.longestWait)
            let told = verb == "decliner" && wasMine ? .givenBack : message
            throw SeeOther(Self.path, isShown ? told : .soon, fragment: verb == "accepter" ? fragment : nil)
        } catch {
            guard let fault = FormFault(error) else { throw error }
            throw SeeOther(Self.path, fault.message, fragment: fragment)
        }
    }

    @Sendable private static func completion(_ form: FormBody, _ clock: FrenchClock, _ now: Instant) throws -> FollowUpDesk.Action {
        guard let outcome = form["resultat"].flatMap(FollowUpOutcome.init(rawValue:)) else { throw FormFault(.outcomeMissing) }
        return .complete(at: try form.instant("quand", clock, now), outcome, note: try form.note())
    }
}
