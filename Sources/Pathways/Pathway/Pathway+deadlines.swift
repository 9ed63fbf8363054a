public import Foundation
public import Timekeeping

extension Pathway {
    /// The earliest instant at which something is due here: a follow-up's, the limit of a home return, the closing. Nil if nothing ever is.
    ///
    /// - Parameter handled: when the pathway was last reconciled. A home return, or a closing, that was due by then and did not become an event
    ///   waits for a fact, not for the clock: the patient is dead, or back in hospital. Deadlines of follow-ups always become events.
    public func nextDeadline(under protocols: ProtocolLibrary, in timeZone: TimeZone, after handled: Instant? = nil) -> Deadline? {
        if handedOver != nil { return nil }
        let own = firstDeadline
        let homeReturn = missingHomeReturn(under: protocols, in: timeZone).map { Deadline(at: $0, kind: .homeReturn) }
        let closing = closingInstant(under: protocols, in: timeZone).map { Deadline(at: $0, kind: .closing) }
        let whole = [homeReturn, closing].compactMap { $0 }.filter { deadline in handled.map { deadline.at > $0 } ?? true }
        return ([own].compactMap { $0 } + whole).min(by: Self.isEarlier)
    }

    /// The earliest of the follow-ups' own.
    private var firstDeadline: Deadline? {
        var first: Deadline?
        for index in followUps.indices {
            guard let deadline = followUps[index].nextDeadline else { continue }
            if let earliest = first, !Self.isEarlier(deadline, earliest) { continue }
            first = deadline
        }
        return first
    }

    /// Each deadline of a follow-up that has passed becomes an event, the oldest first, each once, at the time at which it was due: whoever
    /// looks late finds what would have been found in time. Of what is planned late, or goes on, only the latest step counts.
    ///
    /// - Parameter fresh: follow-ups that were planned, or went on, at this very look.
    func passedDeadlines(_ context: PlanningContext, fresh: Set<String>) -> [PathwayEvent] {
        var working = self
        var events: [PathwayEvent] = []
        while let next = working.firstDeadline, next.at <= context.now, let event = working.event(of: next, context, fresh: fresh) {
            working.evolve(with: event)
            events.append(event)
        }
        return events
    }

    func closing(_ context: PlanningContext, under protocols: ProtocolLibrary) -> [PathwayEvent] {
        guard let at = closingInstant(under: protocols, in: context.timeZone), at <= context.now else { return [] }
        let reason: ClosingReason
        if context.patientIsDeceased || endedInDeath {
            reason = .deceased
        } else if refusesAll {
            reason = .refusal
        } else {
            reason = followUps.contains { $0.status == .done } ? .goalReached : .timeOut
        }
        return [.pathwayClosed(PathwayClosed(at: at, reason: reason))]
    }

    private func event(of deadline: Deadline, _ context: PlanningContext, fresh: Set<String>) -> PathwayEvent? {
        switch deadline.kind {
        case .answer(let id, let wave):
            guard let followUp = followUp(id) else { return nil }
            let silent = followUp.pendingOffers.filter { $0.wave == wave }.map(\.to)
            return .offersLapsed(OffersLapsed(at: deadline.at, followUp: id, wave: wave, to: silent))
        case .escalation(let id, let due):
            guard let followUp = followUp(id) else { return nil }
            let step = fresh.contains(id) ? followUp.latestStep(at: context.now) ?? due : due
            let at = followUp.stepInstant(step)
            let reason: EscalationReason = at < followUp.plan.dueBy ? .dueSoon : .overdue
            let told = told(of: followUp, followUp.stepTarget(step), context)
            return .followUpEscalated(FollowUpEscalated(followUp: id, at: at, step: step, reason: reason, to: told))
        case .holdReview(let id):
            guard let followUp = followUp(id) else { return nil }
            let told = told(of: followUp, .referent, context)
            let step = followUp.escalations
            return .followUpEscalated(FollowUpEscalated(followUp: id, at: deadline.at, step: step, reason: .heldForLong, to: told))
        case .homeReturn, .closing:
            return nil
        }
    }

    private func told(of followUp: FollowUp, _ target: EscalationStep.Target, _ context: PlanningContext) -> [String] {
        switch target {
        case .owner: return [followUp.acceptedBy ?? context.referent].compactMap { $0 }
        case .referent: return [context.referent].compactMap { $0 }
        case .dischargingUnit:
            let unit = context.assign(AssignmentRequest(followUp: followUp.id, role: .dischargingUnit, stay: stay))
            return Array(unit.order.prefix(1))
        }
    }

    /// Nothing is pending any more, for so many days after the last thing that happened.
    private func closingInstant(under protocols: ProtocolLibrary, in timeZone: TimeZone) -> Instant? {
        guard handedOver == nil, closed == nil, stay.status == .discharged || endedInDeath, !followUps.isEmpty,
            !followUps.contains(where: \.status.isPending)
        else { return nil }
        let days = Set(followUps.map(\.plan.rule.followUpProtocol)).map {
            protocols[$0]?.closesAfterDays ?? FollowUpProtocol.usualClosingDays
        }
        let ends = [stay.dischargedAt, homeReturn?.at, reopened?.at] + followUps.map(\.closedAt) + alerts.map(\.at) + refusals.map(\.at)
        guard let longest = days.max(), let last = ends.compactMap({ $0 }).max() else { return nil }
        let at = last.adding(days: Int64(longest))
        return missingHomeReturn(under: protocols, in: timeZone).map { max(at, $0) } ?? at
    }

    private static func isEarlier(_ left: Deadline, _ right: Deadline) -> Bool {
        (left.at, left.kind.rank, left.kind.followUp ?? "") < (right.at, right.kind.rank, right.kind.followUp ?? "")
    }
}
