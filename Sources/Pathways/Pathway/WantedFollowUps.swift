import Timekeeping

/// What the protocols in force ask for, as things stand, and what they would ask for if nothing stood against it.
struct WantedFollowUps {
    private(set) var plans: [PlannedFollowUp] = []
    private(set) var ids: Set<String> = []
    /// Why those are not wanted that a rule asks for.
    private(set) var suppressed: [String: WithdrawalReason] = [:]

    init() {}

    init(of pathway: Pathway, _ context: PlanningContext, under protocols: ProtocolLibrary) {
        if context.patientIsDeceased || pathway.endedInDeath { return }
        let beginnings = Set(pathway.history.beginnings)
        for occasion in pathway.occasions(under: protocols) {
            let superseded = occasion.protocols.flatMap(\.supersedes)
            for followUpProtocol in occasion.protocols {
                for (rule, planned) in zip(followUpProtocol.rules, followUpProtocol.planned) where occasion.triggers.contains(rule.trigger) {
                    if superseded.contains(where: { $0.rule == rule.id && $0.followUpProtocol == followUpProtocol.id }) { continue }
                    for planned in planned {
                        let plan = Self.plan(planned, rule, followUpProtocol.version, occasion, context)
                        if pathway.awaits(plan, context) || pathway.hasDone(plan, among: beginnings) { continue }
                        take(plan, unless: pathway.objection(to: plan, of: rule, context))
                    }
                }
            }
        }
    }

    private mutating func take(_ plan: PlannedFollowUp, unless objection: WithdrawalReason?) {
        if let objection {
            suppressed[plan.id] = objection
        } else if ids.insert(plan.id).inserted {
            plans.append(plan)
        }
    }

    private static func plan(
        _ planned: PlannedRule,
        _ rule: ProtocolRule,
        _ version: Int,
        _ occasion: Occasion,
        _ context: PlanningContext
    ) -> PlannedFollowUp {
        let window = planned.window.resolve(discharge: occasion.at, in: context.timeZone)
        return PlannedFollowUp(
            id: context.identify(planned.reference, occasion.anchor),
            rule: planned.reference,
            protocolVersion: version,
            role: rule.role,
            title: rule.title,
            priority: rule.priority,
            dueFrom: window.dueFrom,
            dueBy: window.dueBy,
            answerWithinMinutes: rule.answerWithinMinutes,
            movement: occasion.anchor,
            recordsHomeReturn: rule.recordsHomeReturn,
            trigger: rule.trigger,
            solicitation: rule.solicitation,
            escalation: rule.escalation,
            completesOnAcceptance: rule.completesOnAcceptance
        )
    }
}

extension Pathway {
    /// Whether it is too early to ask why nobody confirmed the home return, or somebody has, or the patient is not expected at home. Once
    /// asked it stays asked, unless the same visit goes on: nobody is to be home from it.
    fileprivate func awaits(_ plan: PlannedFollowUp, _ context: PlanningContext) -> Bool {
        guard plan.trigger == .homeReturnMissing else { return false }
        if stay.isInHospital { return true }
        guard !followUps.contains(where: { $0.plan.id == plan.id && $0.status.isPending }) else { return false }
        return homeReturnedAt != nil || context.now < plan.dueFrom || context.readmittedAt != nil
    }

    /// Whether it was done when the stay was known by another of its beginnings: a pre-admission that is told late asks for nothing twice.
    fileprivate func hasDone(_ plan: PlannedFollowUp, among beginnings: Set<MovementID>) -> Bool {
        guard beginnings.contains(plan.movement) else { return false }
        return followUps.contains { $0.plan.rule == plan.rule && $0.id != plan.id && $0.status == .done && beginnings.contains($0.plan.movement) }
    }

    /// Why what a rule asks for is not wanted all the same.
    fileprivate func objection(to plan: PlannedFollowUp, of rule: ProtocolRule, _ context: PlanningContext) -> WithdrawalReason? {
        if refuses(plan) { return .refused }
        if rule.books, prado != nil { return .prado }
        if plan.trigger.followsDischarge, context.plannedElsewhere.contains(plan.rule) { return .superseded }
        return nil
    }
}
