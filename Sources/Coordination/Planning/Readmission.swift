import Pathways
import Timekeeping

/// What the person's later stays mean for what a stay left to do in the city.
struct Readmission: Sendable {
    /// When the patient came back to hospital; nil if they are not there, or back at home.
    let since: Instant?
    /// The rules that follow a later discharge already.
    let plannedSince: Set<RuleReference>

    /// - Parameter others: the other pathways of the person. A visit to the emergency department is no stay; of a pathway that went to
    ///   another territory nothing is known here any more.
    init(after pathway: Pathway, among others: [Pathway]) {
        let later = others.filter { $0.isLater(than: pathway) && !$0.stay.isEmergencyVisit && $0.handedOver == nil }
        let inHospital = later.filter(\.stay.isInHospital).compactMap(\.stay.admittedAt).min()
        since = inHospital ?? Self.inAnotherHouse(later)
        plannedSince = Set(
            later.filter { $0.stay.status == .discharged }
                .flatMap(\.followUps)
                .filter { $0.plan.trigger.followsDischarge && $0.status != .withdrawn }
                .map(\.plan.rule)
        )
    }

    /// The last of the later stays ended in another institution: the patient is not back at home.
    private static func inAnotherHouse(_ later: [Pathway]) -> Instant? {
        let ended = later.compactMap { other in other.stay.status == .discharged ? other.stay.dischargedAt.map { (at: $0, stay: other.stay) } : nil }
        guard let last = ended.max(by: { $0.at < $1.at })?.stay, let mode = last.mode else { return nil }
        switch mode.destination {
        case .smr, .had, .ehpad, .transfer: return last.admittedAt
        case .home, .againstAdvice, .unknown, .death: return nil
        }
    }
}
