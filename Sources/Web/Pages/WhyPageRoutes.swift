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
        let asOf = try AsOf(request, services)
        var explanation: Explanation?
        if Self.isInTheirList(followUp, caller, addresses) {
            explanation = try services.why.explanation(ofFollowUp: id, inListOf: caller.rpps, asOf: asOf.position)
        }
        if explanation == nil {
            // Who sees the whole pathway may ask of what is in somebody else's list too. Who was asked once, and is no more, may not: what
            // became of the patient is not theirs to know.
            try services.open(stream, to: caller, state)
            explanation = try services.why.explanation(ofFollowUp: id, asOf: asOf.position)
        }
        guard let explanation else { throw Problem.unknownFollowUp }
        let clock = try FormClock.of(services, asOf.now)
        return pages.response(WhyPage(explanation, reader: addresses, caller: caller.badge, clock: clock))
    }

    /// Whether it stands in the caller's list now: they are being asked, have accepted it, or are told of its end.
    private static func isInTheirList(_ followUp: FollowUp, _ caller: PageCaller, _ addresses: Set<String>) -> Bool {
        followUp.pendingOffers.contains { addresses.contains($0.to) } || followUp.acceptedBy == caller.rpps
            || followUp.toldOfWithdrawal.contains(caller.rpps)
    }
}
