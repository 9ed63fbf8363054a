public import Foundation
public import Timekeeping

extension Pathway {
    /// When a home return that nobody confirmed becomes a follow-up of its own; nil if none is awaited.
    public func homeReturnLimit(under protocols: ProtocolLibrary, in timeZone: TimeZone) -> Instant? {
        homeReturnLimits(under: protocols, in: timeZone).map(\.limit).min()
    }

    /// As ``homeReturnLimit(under:in:)``, of those that did not become a follow-up yet.
    func missingHomeReturn(under protocols: ProtocolLibrary, in timeZone: TimeZone) -> Instant? {
        homeReturnLimits(under: protocols, in: timeZone)
            .filter { awaited in !followUps.contains { $0.plan.rule == awaited.rule && $0.plan.movement == stay.discharge } }
            .map(\.limit)
            .min()
    }

    private func homeReturnLimits(under protocols: ProtocolLibrary, in timeZone: TimeZone) -> [(rule: RuleReference, limit: Instant)] {
        guard status == .discharged, stay.discharge.map(settled.contains) != true, !stay.isEmergencyVisit,
            stay.mode?.destination == .home, let dischargedAt = stay.dischargedAt
        else { return [] }
        return protocols.applying(to: .home).flatMap { followUpProtocol in
            followUpProtocol.rules.filter(awaitsHomeReturn).map { rule in
                let reference = RuleReference(followUpProtocol: followUpProtocol.id, rule: rule.id)
                return (reference, rule.window.resolve(discharge: dischargedAt, in: timeZone).dueFrom)
            }
        }
    }

    private func awaitsHomeReturn(_ rule: ProtocolRule) -> Bool {
        guard rule.trigger == .homeReturnMissing, !(rule.books && prado != nil) else { return false }
        return !(refusesAll && rule.trigger.isRefusedWithAll(as: rule.role))
    }
}
