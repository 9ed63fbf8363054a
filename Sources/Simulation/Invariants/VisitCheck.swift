import EventStore
import Pathways

/// Compares what the coordinator understood of a visit with the hospital's own book, once all messages have arrived and the planner has
/// nothing left to do (I5).
struct VisitCheck {
    let library: ProtocolLibrary

    /// Withdrawn for a reason that is not the hospital's: somebody in the city said so.
    private static let excused: Set<WithdrawalReason> = [.superseded, .refused, .moved, .prado, .resolved, .followedElsewhere]

    func check(_ pathway: Pathway, against book: VisitBook, isDead: Bool) throws(Violation) {
        let expected = book.standing
        let stay = pathway.stay
        let name = "visit \(book.number)"
        guard stay.status == expected.status else {
            throw Violation("I5", "\(name) is \(stay.status.rawValue), by the hospital's book \(expected.status.rawValue)")
        }
        guard stay.dischargedAt == expected.dischargedAt else { throw Violation("I5", "\(name) has another time of discharge") }
        let destination = expected.exit.map(Self.destination)
        if expected.status == .discharged, stay.mode?.destination != destination {
            throw Violation("I5", "\(name) was left for \(stay.mode?.destination.rawValue ?? "nowhere"), by the book \(destination?.rawValue ?? "")")
        }
        guard stay.isEmergencyVisit == expected.isEmergency || expected.status == .cancelled || expected.status == .preadmitted else {
            throw Violation("I5", "\(name) is taken for another kind of visit")
        }
        try checkFollowUps(pathway, expected, book, isDead: isDead)
    }

    private func checkFollowUps(_ pathway: Pathway, _ standing: VisitBook.Standing, _ book: VisitBook, isDead: Bool) throws(Violation) {
        let name = "visit \(book.number)"
        let afterDischarge = pathway.followUps.filter { library.rule($0.plan.rule)?.trigger == .discharge }
        if isDead {
            if pathway.followUps.contains(where: \.status.isPending) { throw Violation("I5", "\(name): something is pending after a death") }
            return
        }
        let wanted = rules(standing, applied: book.applied)
        var found: Set<RuleReference> = []
        for followUp in afterDischarge {
            let isOfThis = standing.status == .discharged && followUp.plan.movement.value == standing.discharge
            let isWanted = isOfThis && wanted.contains(followUp.plan.rule)
            if followUp.status.isPending, !isWanted, followUp.status != .onHold {
                throw Violation("I5", "\(name): \(followUp.plan.rule) is \(followUp.status.rawValue) without a reason")
            }
            if followUp.status == .onHold, standing.status == .discharged, !isOfThis {
                throw Violation("I5", "\(name): \(followUp.plan.rule) of an earlier discharge is still on hold")
            }
            let counts = followUp.status != .withdrawn || followUp.withdrawal.map(Self.excused.contains) == true
            if isOfThis, counts { found.insert(followUp.plan.rule) }
        }
        if let missing = wanted.subtracting(found).min(by: { $0.description < $1.description }) {
            throw Violation("I5", "\(name): \(missing) is missing")
        }
    }

    /// What the protocols ask for after a discharge, occurrence by occurrence.
    private func rules(_ standing: VisitBook.Standing, applied: [String]) -> Set<RuleReference> {
        guard standing.status == .discharged, !standing.isEmergency, let exit = standing.exit else { return [] }
        let inForce = library.all.filter { found in
            found.appliesTo.rawValue == Self.applicability(exit) || exit == .home && applied.contains(found.id)
        }
        let superseded = Set(inForce.flatMap { $0.rules.flatMap(\.supersedes) })
        var wanted: Set<RuleReference> = []
        for found in inForce {
            for rule in found.rules where rule.trigger == .discharge {
                if superseded.contains(RuleReference(followUpProtocol: found.id, rule: rule.id)) { continue }
                for occurrence in rule.occurrences { wanted.insert(RuleReference(followUpProtocol: found.id, rule: occurrence.id)) }
            }
        }
        return wanted
    }

    private static func destination(_ exit: HospitalExit) -> DischargeDestination {
        switch exit {
        case .home: .home
        case .smr: .smr
        case .ehpad: .ehpad
        case .had: .had
        case .transfer: .transfer
        case .againstAdvice: .againstAdvice
        case .death: .death
        }
    }

    private static func applicability(_ exit: HospitalExit) -> String? {
        switch exit {
        case .home: "home-discharge"
        case .smr: "smr-discharge"
        case .ehpad: "ehpad-discharge"
        case .had: "had-discharge"
        case .againstAdvice: "against-advice-discharge"
        case .transfer, .death: nil
        }
    }
}
