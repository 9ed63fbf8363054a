import EventStore
import Hummingbird
import Pathways
import Projections
import Timekeeping

/// `/a-faire/{id}/pourquoi`: why an item is in one's list, now or as it was.
struct WhyPageRoutes {
    private let services: WebServices
    private let pages: PageRenderer

    init(_ services: WebServices, _ pages: PageRenderer) {
        self.services = services
        self.pages = pages
    }

    func add(to router: some RouterMethods<WebContext>) {
        router.get("a-faire/{id}/pourquoi", use: show)
    }

    @Sendable private func show(_ request: Request, _ context: WebContext) async throws -> Response {
        let caller = try PageCaller.of(request, services)
        let id = try context.parameters.require("id")
        try await services.awaitMinimum(of: request)
        let state = try services.territory()
        guard let stream = try services.timeline.pathway(ofFollowUp: id), let followUp = services.followUp(id, in: stream) else {
            throw Problem.unknownFollowUp
        }
        let addresses = caller.addresses(in: state.territory)
        try check(caller, addresses, followUp, stream, state)
        let asOf = try AsOf(request, services)
        // Who sees the whole pathway may ask of what is in somebody else's list too.
        guard
            let explanation = try services.why.explanation(ofFollowUp: id, inListOf: caller.rpps, asOf: asOf.position)
                ?? services.why.explanation(ofFollowUp: id, asOf: asOf.position)
        else { throw Problem.unknownFollowUp }
        let clock = try FormClock.of(services, asOf.now)
        return pages.response(WhyPage(explanation, reader: addresses, caller: caller.badge, clock: clock))
    }

    /// Whoever was asked for it, or told of its end, may ask why; so may those who see the whole pathway.
    /// - Throws: `Problem` 403.
    private func check(
        _ caller: PageCaller,
        _ addresses: Set<String>,
        _ followUp: FollowUp,
        _ stream: StreamID,
        _ state: TerritoryState
    ) throws {
        if followUp.offers.contains(where: { addresses.contains($0.to) }) || followUp.toldOfWithdrawal.contains(caller.rpps) { return }
        try services.open(stream, to: caller, state)
    }
}
