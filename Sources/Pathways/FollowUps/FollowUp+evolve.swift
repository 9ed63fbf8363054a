import Timekeeping

extension FollowUp {
    /// Who declined or gave back stays out; who had accepted may be asked again; who was told of the withdrawal may still say that
    /// they saw it.
    func plannedAgain(as plan: PlannedFollowUp) -> FollowUp {
        var again = FollowUp(plan: plan)
        again.offers = offers
        for index in again.offers.indices where again.offers[index].answer == .accepted { again.offers[index].answer = .superseded }
        again.givenBackBy = givenBackBy
        again.restartedAfterWave = restartedAfterWave
        again.toldOfWithdrawal = toldOfWithdrawal
        return again
    }

    mutating func offer(_ solicitation: OffersMade.Solicitation, at instant: Instant) {
        assignment = solicitation.assignment
        hasNobodyToAsk = solicitation.to.isEmpty
        for addressee in solicitation.to {
            offers.append(Offer(to: addressee, at: instant, until: solicitation.until, wave: solicitation.wave))
        }
    }

    mutating func lapse(_ event: OffersLapsed) {
        for index in offers.indices where offers[index].answer == .made && offers[index].wave == event.wave && event.to.contains(offers[index].to) {
            // Who went away before they answered may be asked once they are back.
            offers[index].answer = event.away ? .superseded : .lapsed
        }
        // Somebody may stand in for who was asked alone: the order is made anew.
        if event.away, let order = assignment, order.order.prefix(order.alone).contains(where: event.to.contains) { assignment = nil }
    }

    mutating func restartSolicitation() {
        assignment = nil
        hasNobodyToAsk = false
        restartedAfterWave = lastWave
        supersedePendingOffers()
    }

    mutating func accept(_ event: FollowUpAccepted) {
        if status != .onHold { status = .accepted }
        acceptedBy = event.by.rpps
        acceptedAt = event.at
        acceptedFor = event.team
        let addressee = event.team.map { Addressee.team($0) } ?? .professional(event.by.rpps)
        supersedePendingOffers()
        // A late yes is a yes.
        if let index = offers.lastIndex(where: { $0.to == addressee.rawValue }) { offers[index].answer = .accepted }
    }

    mutating func decline(_ event: FollowUpDeclined) {
        // The référent-parcours may give it back in the place of whoever accepted it: it is they who are not asked again.
        let who = event.givenBack ? acceptedBy ?? event.by.rpps : event.by.rpps
        let addressee = (event.team.map { Addressee.team($0) } ?? .professional(who)).rawValue
        if event.givenBack {
            if status == .accepted { status = .open }
            acceptedBy = nil
            acceptedAt = nil
            acceptedFor = nil
            givenBackBy.append(who)
        }
        for index in offers.indices where offers[index].to == addressee && (offers[index].answer == .made || event.givenBack) {
            // One member gives back; another one of the team may take it.
            offers[index].answer = event.givenBack && event.team != nil ? .superseded : .declined
        }
    }

    mutating func complete(_ outcome: FollowUpOutcome, by rpps: String, at instant: Instant) {
        status = .done
        self.outcome = outcome
        acceptedBy = acceptedBy ?? rpps
        acceptedAt = acceptedAt ?? instant
        closedAt = instant
        end()
    }

    mutating func withdraw(_ withdrawal: FollowUpsWithdrawn.Withdrawal) {
        status = .withdrawn
        self.withdrawal = withdrawal.reason
        // Beside those who were told of an earlier withdrawal and have not said that they saw it.
        toldOfWithdrawal += withdrawal.told.filter { !toldOfWithdrawal.contains($0) }
        end()
    }

    /// Who accepted it keeps it. Nobody is asked meanwhile; afterwards the order goes on where it stood.
    mutating func hold(since instant: Instant, reviewAt: Instant) {
        guard status.isPending else { return }
        status = .onHold
        heldSince = instant
        self.reviewAt = reviewAt
        supersedePendingOffers()
    }

    mutating func resume() {
        guard status == .onHold else { return }
        status = acceptedBy == nil ? .open : .accepted
        heldSince = nil
        reviewAt = nil
    }

    mutating func escalate(_ event: FollowUpEscalated) {
        if event.reason == .heldForLong {
            if status == .onHold { reviewAt = event.at.adding(minutes: HoldReview.everyMinutes) }
        } else {
            // Held within what can be counted on: a log may hold any number.
            escalations = max(escalations, min(max(event.step, 0), 1_000_000) + 1)
        }
    }

    private mutating func end() {
        heldSince = nil
        reviewAt = nil
        supersedePendingOffers()
    }

    private mutating func supersedePendingOffers() {
        for index in offers.indices where offers[index].answer == .made { offers[index].answer = .superseded }
    }
}
