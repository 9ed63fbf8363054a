public import Timekeeping

/// One hospital visit and the return home that follows: the state that decisions are made on, folded from its stream.
public struct Pathway: Hashable, Sendable {
    /// The life of a pathway as people name it.
    public enum Status: String, Hashable, Sendable, CaseIterable {
        case preadmitted, admitted, onLeave, discharged, atHome, cancelled, deceased, closed
    }

    public struct AppliedProtocol: Hashable, Sendable {
        public let id: String
        public let version: Int
        public let by: Attribution
    }

    public internal(set) var reference: PathwayReference?
    public internal(set) var history = VisitHistory()
    /// Reports of this visit that name another patient than its own: they wait until a dossier that was moved (A44), or a merge (A40), says
    /// that both are right.
    public internal(set) var claims: [MovementHeld] = []
    public internal(set) var plannedDischarge: DischargePlanned?
    public internal(set) var homeReturn: HomeReturnConfirmed?
    public internal(set) var appliedProtocols: [AppliedProtocol] = []
    public internal(set) var followUps: [FollowUp] = []
    /// Alert signs that professionals reported, in the order in which they did.
    public internal(set) var alerts: [AlertSignReported] = []
    /// Prescriptions that were reported missing, those obtained since included.
    public internal(set) var missingPrescriptions: [PrescriptionMissing] = []
    /// ``PrescriptionMissing/report`` of those that have come.
    public internal(set) var obtainedPrescriptions: Set<String> = []
    /// The enrolment in PRADO in force.
    public internal(set) var prado: PradoEnrolled?
    /// What the patient refuses, unless they took it back.
    public internal(set) var refusals: [CareRefused] = []
    /// How it was closed; nil while it is not.
    public internal(set) var closed: PathwayClosed?
    /// What the follow-ups hung on that were known when it was closed: nothing of it comes back by itself.
    var settled: Set<MovementID> = []
    /// How it was reopened last.
    public internal(set) var reopened: PathwayReopened?
    /// How it came here, if another territory kept it before.
    public internal(set) var takenOver: PathwayTakenOver?
    /// Where it went; nil as long as this territory goes on with it.
    public internal(set) var handedOver: PathwayHandedOver?
    /// RPPS of those who were told here that the patient is dead.
    public internal(set) var toldOfDeath: Set<String> = []
    /// Ids of the events whose text was taken back.
    public internal(set) var retracted: Set<String> = []

    /// ``handOverNumber`` of what was erased.
    let erasedHandOvers: Int

    public init() {
        erasedHandOvers = 0
    }

    /// What is known after an erasure: nothing but how often the pathway had changed territory.
    public init(after erasure: StreamErased) {
        erasedHandOvers = erasure.handOvers
    }

    /// The state after `events`, oldest first.
    public init(folding events: some Sequence<PathwayEvent>) {
        self.init()
        for event in events { evolve(with: event) }
    }

    public var stay: Stay { history.stay }

    /// As announced by the hospital's system (A16), or said by the ward since.
    public var plannedDischargeAt: Instant? { plannedDischarge?.plannedAt ?? stay.plannedDischargeAt }

    /// Whether the visit itself ended in death. That the patient died elsewhere or later is told by the patient's stream.
    public var endedInDeath: Bool { history.heldDeath || stay.status == .discharged && stay.mode?.destination == .death }

    /// As ``status``, for a patient who is known to be dead or not.
    public func status(isDeceased: Bool) -> Status? {
        switch status {
        case .discharged, .atHome, .admitted, .onLeave, .preadmitted: isDeceased ? .deceased : status
        case .cancelled, .deceased, .closed, nil: status
        }
    }

    /// Nil while nothing but orphans is known of the visit; `closed` once nothing is left to do, or another territory goes on with it.
    public var status: Status? {
        if handedOver != nil || closed != nil { return .closed }
        return switch stay.status {
        case .unknown: nil
        case .preadmitted: .preadmitted
        case .admitted: .admitted
        case .onLeave: .onLeave
        case .cancelled: .cancelled
        case .discharged: endedInDeath ? .deceased : isAtHome ? .atHome : .discharged
        }
    }

    /// A confirmation counts for the discharge in force only: somebody who was admitted again is not at home.
    private var isAtHome: Bool {
        guard let homeReturn, let dischargedAt = stay.dischargedAt else { return false }
        return homeReturn.at >= dischargedAt
    }

    public var homeReturnedAt: Instant? { isAtHome && stay.status == .discharged ? homeReturn?.at : nil }

    public func followUp(_ id: String) -> FollowUp? { place(of: id).map { followUps[$0] } }

    /// In ``followUps``.
    func place(of id: String) -> Int? { followUps.firstIndex { $0.plan.id == id } }

    public var careCircle: [CareCircleMember] {
        let since = stay.admittedAt ?? stay.dischargedAt
        var members = stay.declared.compactMap { professional in
            since.map { CareCircleMember(rpps: professional.rpps, role: professional.role, basis: .declared, since: $0) }
        }
        for followUp in followUps {
            guard let rpps = followUp.acceptedBy, let since = followUp.acceptedAt else { continue }
            if !members.contains(where: { $0.rpps == rpps && $0.role == followUp.plan.role }) {
                members.append(CareCircleMember(rpps: rpps, role: followUp.plan.role, basis: .acceptedFollowUp, since: since))
            }
        }
        return members
    }
}
