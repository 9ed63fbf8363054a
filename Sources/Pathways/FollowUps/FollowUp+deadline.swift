import Timekeeping

extension FollowUp {
    /// The one next deadline of I7: the earliest of the answer that is awaited and the next step of escalation; on hold, when somebody must
    /// look at it. Nil once it has ended.
    public var nextDeadline: Deadline? {
        switch status {
        case .done, .withdrawn: return nil
        case .onHold: return Deadline(at: reviewAt ?? plan.dueBy, kind: .holdReview(followUp: id))
        case .open, .accepted:
            let escalation = Deadline(at: stepInstant(escalations), kind: .escalation(followUp: id, step: escalations))
            guard status == .open, let first = pendingOffers.min(by: { ($0.until, $0.wave) < ($1.until, $1.wave) }), first.until <= escalation.at
            else { return escalation }
            return Deadline(at: first.until, kind: .answer(followUp: id, wave: first.wave))
        }
    }

    /// When a step of escalation is due: those of the plan, then the last one again (``EscalationStep/repetitionDays(_:)``).
    func stepInstant(_ step: Int) -> Instant {
        guard let last = steps.last else { return plan.dueBy }
        if steps.indices.contains(step) { return plan.dueBy.adding(minutes: Int64(steps[step].afterDueMinutes)) }
        let days = EscalationStep.repetitionDays(Int64(max(step - steps.count + 1, 0)))
        return plan.dueBy.adding(minutes: Int64(last.afterDueMinutes)).adding(minutes: days * Self.minutesPerDay)
    }

    /// Whom a step tells.
    func stepTarget(_ step: Int) -> EscalationStep.Target {
        steps.indices.contains(step) ? steps[step].target : steps.last?.target ?? .referent
    }

    /// The last step that is due at an instant, not before the next one; nil if even that is to come.
    func latestStep(at instant: Instant) -> Int? {
        guard stepInstant(escalations) <= instant else { return nil }
        if let step = (escalations..<max(steps.count, escalations)).first(where: { stepInstant($0 + 1) > instant }) { return step }
        let days = instant.milliseconds(since: stepInstant(steps.count - 1)) / (Self.minutesPerDay * 60_000)
        return steps.count - 1 + Int(clamping: EscalationStep.repetitions(afterDays: days))
    }

    private static let minutesPerDay: Int64 = 1_440

    /// A plan without steps cannot be written by this version; it must not be without deadline all the same.
    private var steps: [EscalationStep] { plan.escalation.isEmpty ? EscalationStep.standard : plan.escalation }
}
