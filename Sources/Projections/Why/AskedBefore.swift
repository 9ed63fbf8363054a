import EventStore
import Pathways
import Timekeeping

/// Who was asked for a follow-up, in which order, and what came of it.
struct AskedBefore {
    struct Ask {
        let offer: Offer
        let position: Int64
        let basis: Assignment.Basis
        let load: Int?
        var answer: Offer.Answer = .made
        var reason: DeclineReason?
        var answeredAt: Instant?
        /// RPPS of who of the team answered.
        var answeredBy: String?
    }

    private let id: String
    private var pathway = Pathway()
    private(set) var asks: [Ask] = []

    init(_ id: String, in story: [ToldEvent]) {
        self.id = id
        for told in story { take(told) }
    }

    /// What an answer is, the domain says; here it is told when it came.
    private mutating func take(_ told: ToldEvent) {
        guard let event = told.event.narrowed(to: id) else { return }
        pathway.evolve(with: event)
        guard let offers = pathway.followUp(id)?.offers else { return }
        if case .offersMade(let body) = event { add(offers, body, told.position) }
        for index in asks.indices where offers.indices.contains(index) && asks[index].answer != offers[index].answer {
            asks[index].answer = offers[index].answer
            asks[index].answeredAt = told.event.occurredAt ?? told.recorded.time
            (asks[index].reason, asks[index].answeredBy) = (nil, nil)
            switch event {
            case .followUpDeclined(let body) where !body.givenBack || asks[index].answer == .declined:
                asks[index].reason = body.reason
                asks[index].answeredBy = body.team == nil ? nil : body.by.rpps
            case .followUpAccepted(let body) where asks[index].answer == .accepted:
                asks[index].answeredBy = body.team == nil ? nil : body.by.rpps
            default: break
            }
        }
    }

    private mutating func add(_ offers: [Offer], _ body: OffersMade, _ position: Int64) {
        let solicitations = body.solicitations
        for offer in offers.dropFirst(asks.count) {
            let assignment = solicitations.last { $0.wave == offer.wave && $0.to.contains(offer.to) }?.assignment
            asks.append(
                Ask(
                    offer: offer,
                    position: position,
                    basis: assignment?.basis ?? .none,
                    load: assignment?.loads.first { $0.who == offer.to }?.inHand
                )
            )
        }
    }
}
