import Pathways
import Timekeeping

/// The hospital's own book of one visit: what the coordinator must have understood once all messages have arrived (I5). Kept by other rules
/// than the coordinator's: what stands is folded from scratch, by the time at the bedside.
struct VisitBook {
    struct Movement {
        var trigger: HospitalTrigger
        var at: Instant
        var exit: HospitalExit?
        var isTakenBack = false
        var statedAt: Instant
    }

    /// Where the visit stands.
    struct Standing: Hashable {
        var status: Stay.Status = .unknown
        var dischargedAt: Instant?
        var exit: HospitalExit?
        /// ZBE-1 of the discharge in force.
        var discharge: String?
        /// Not a stay: nothing follows it at home.
        var isEmergency = false
    }

    let number: String
    /// Whose it is: index of a person.
    let person: Int
    let hospital: Int
    /// Protocols that the ward applied.
    var applied: [String] = []
    /// Protocols of which the ward does not know yet whether they are applied.
    var undecided = 0
    private var movements: [String: Movement] = [:]

    init(number: String, person: Int, hospital: Int) {
        self.number = number
        self.person = person
        self.hospital = hospital
    }

    mutating func enter(_ statement: HospitalStatement) {
        switch statement.trigger.action {
        case "CANCEL": movements[statement.movement]?.isTakenBack = true
        case "UPDATE":
            guard var known = movements[statement.movement], known.statedAt <= statement.statedAt else { return }
            known.at = statement.at
            known.exit = Self.exit(known.exit, correctedTo: statement.exit)
            known.statedAt = statement.statedAt
            movements[statement.movement] = known
        default:
            movements[statement.movement] = Movement(
                trigger: statement.trigger,
                at: statement.at,
                exit: statement.exit,
                statedAt: statement.statedAt
            )
        }
    }

    /// A correction that leaves out the destination (ZFM-4) takes none back that was stated.
    private static func exit(_ known: HospitalExit?, correctedTo exit: HospitalExit?) -> HospitalExit? {
        guard let exit else { return known }
        return exit.codes.destination == nil && known?.codes.destination != nil ? known : exit
    }

    /// Whether anything was said from which a visit can begin: until then, what is known of it waits.
    var hasBegun: Bool { movements.values.contains { [.preadmission, .admission, .registration].contains($0.trigger) } }

    var standing: Standing {
        var standing = Standing()
        if !movements.isEmpty { standing.status = .cancelled }
        for (number, movement) in movements.sorted(by: { $0.value.at < $1.value.at }) where !movement.isTakenBack {
            let isIn = standing.status == .admitted || standing.status == .onLeave
            switch movement.trigger {
            case .preadmission: if !isIn { standing.status = .preadmitted }
            case .admission, .registration:
                standing = Standing(status: .admitted, isEmergency: movement.trigger == .registration)
            case .changeToInpatient: if isIn { standing.isEmergency = false }
            case .leave: if standing.status == .admitted { standing.status = .onLeave }
            case .leaveReturn: if standing.status == .onLeave { standing.status = .admitted }
            case .discharge:
                guard isIn || standing.status == .discharged else { break }
                standing.status = .discharged
                standing.dischargedAt = movement.at
                standing.exit = movement.exit
                standing.discharge = number
            default: break
            }
        }
        return standing
    }
}
