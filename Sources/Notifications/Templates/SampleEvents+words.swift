import Pathways
import Timekeeping

extension SampleEvents {
    /// What professionals report, and what other territories do.
    func report(_ template: String, after planned: [PathwayEvent]) -> (before: [PathwayEvent], told: PathwayEvent?)? {
        let missing = PathwayEvent.prescriptionMissing(
            PrescriptionMissing(report: "report-1", at: at(-1), by: by(cast.nurse), followUp: id, note: "Texte libre à ne pas transmettre")
        )
        let enrolled = PathwayEvent.pradoEnrolled(PradoEnrolled(at: now, by: by(cast.nurse)))
        let refused = PathwayEvent.careRefused(CareRefused(at: now, by: by(cast.nurse), followUps: [id]))
        switch template {
        case "alert-sign": return (planned, alert)
        case "prescription-missing": return (planned, missing)
        case "prescription-obtained":
            return (planned + [missing], .prescriptionObtained(PrescriptionObtained(report: "report-1", at: now, by: by(cast.pharmacist))))
        case "care-refused": return (planned, refused)
        case "refusal-taken-back": return (planned + [refused], .refusalTakenBack(RefusalTakenBack(at: now, by: by(cast.gp))))
        case "prado-enrolled": return (planned, enrolled)
        case "prado-left": return (planned + [enrolled], .pradoLeft(PradoLeft(at: now, by: by(cast.gp))))
        case "pathway-handed-over":
            return (planned, .pathwayHandedOver(PathwayHandedOver(to: "voisin-demo", reason: .moved, event: "event-elsewhere")))
        case "pathway-taken-over": return ([], .pathwayTakenOver(takeOver))
        default: return nil
        }
    }

    var opposition: OppositionRecorded { OppositionRecorded(basis: .sharing, statedAt: at(-1), by: by(cast.gp)) }

    func statement(_ control: String) -> Statement {
        Statement(recordedAt: at(-2), sentAt: at(-2), controlID: control, digest: "0123456789abcdef")
    }

    /// That somebody was not told, who had to be.
    func undeliverable(to referent: String) -> MessageUndeliverable {
        let item = ToldItem(event: "event-elsewhere", template: "offer-named", pathway: cast.pathwayStream, followUp: id)
        return MessageUndeliverable(
            recipient: cast.nurse,
            message: String(repeating: "0", count: 32),
            items: [item],
            tried: [.mssante, .sms],
            reason: .expired,
            told: referent,
            at: now
        )
    }

    // MARK: - The hospital

    private var reference: PathwayReference {
        let visit = LocalIdentifier(authority: cast.authority, value: cast.visit)
        return PathwayReference(visit: visit, patient: cast.identity.identifier, patientStream: cast.patientStream)
    }

    var admission: PathwayEvent { .patientAdmitted(PatientAdmitted(pathway: reference, movement: movement("1", -146))) }

    func discharge(to destination: DischargeDestination = .home) -> PathwayEvent {
        .patientDischarged(
            PatientDischarged(pathway: reference, movement: movement("2", -2), mode: DischargeMode(destination: destination))
        )
    }

    var announcement: PathwayEvent {
        .dischargeAnnounced(DischargeAnnounced(pathway: reference, movement: movement("3", -5, expecting: 26)))
    }

    func expectation(_ hours: Int64) -> PathwayEvent { .dischargePlanned(DischargePlanned(plannedAt: at(hours), by: nil)) }

    func correction(to destination: DischargeDestination) -> PathwayEvent {
        let movement = movement("2", -2, said: "Z")
        return .movementCorrected(
            MovementCorrected(
                pathway: reference,
                kind: .discharge,
                movement: movement,
                mode: DischargeMode(destination: destination, exitMode: "8")
            )
        )
    }

    func cancellation(_ number: String, _ kind: MovementKind) -> PathwayEvent {
        .movementCancelled(MovementCancelled(pathway: reference, movement: movementID(number), kind: kind, statement: statement("Z")))
    }

    var reassignment: PathwayEvent {
        let other = PatientLink(
            identifier: LocalIdentifier(authority: cast.authority, value: "P9999"),
            stream: String(repeating: "f", count: 32)
        )
        return .pathwayReassigned(PathwayReassigned(from: other, to: reference.owner, statement: statement("R")))
    }

    private var takeOver: PathwayTakenOver {
        PathwayTakenOver(pathway: reference, from: "voisin-demo", position: 12, event: "event-elsewhere", number: 1)
    }

    private func movementID(_ number: String) -> MovementID { MovementID(authority: "\(cast.authority)/\(cast.visit)", value: number) }

    private func movement(_ number: String, _ hours: Int64, expecting: Int64? = nil, said: String = "A") -> Movement {
        Movement(
            id: movementID(number),
            effectiveAt: at(hours),
            unit: cast.unit.map { MedicalUnitReference(code: $0.code, authority: cast.authority) },
            declared: [
                DeclaredProfessional(role: .attendingGP, rpps: cast.gp), DeclaredProfessional(role: .pharmacist, rpps: cast.pharmacist),
            ],
            expectedAt: expecting.map(at),
            statement: statement("\(said)\(number)")
        )
    }

    // MARK: - Follow-ups

    var id: String { SampleStory.followUp }

    func at(_ hours: Int64) -> Instant { now.adding(hours: hours) }

    func by(_ rpps: String) -> Attribution { Attribution(rpps: rpps) }

    /// - Parameters:
    ///   - later: hours.
    ///   - role: of the first one.
    func plans(later: Int64 = 0, role: CareRole = .nurse, _ trigger: RuleTrigger = .discharge) -> PathwayEvent {
        let plans = cast.titles.enumerated().map { plan($0, $1, later, $0 == 0 ? role : .pharmacist, $0 == 0 ? trigger : .discharge) }
        return .followUpsPlanned(FollowUpsPlanned(followUps: plans))
    }

    private func plan(_ index: Int, _ title: String, _ later: Int64, _ role: CareRole, _ trigger: RuleTrigger) -> PlannedFollowUp {
        PlannedFollowUp(
            id: "follow-up-\(index + 1)",
            rule: RuleReference(followUpProtocol: "plain-home-discharge", rule: "rule-\(index + 1)"),
            protocolVersion: 1,
            role: role,
            title: title,
            priority: .normal,
            dueFrom: at(18 + later),
            dueBy: at(42 + later),
            answerWithinMinutes: 120,
            movement: movementID("2"),
            trigger: trigger
        )
    }

    func offers(to people: [String], _ basis: Assignment.Basis, reason: String? = nil) -> PathwayEvent {
        let assignment = Assignment(basis: basis, order: people, reason: reason)
        let solicitation = OffersMade.Solicitation(followUp: id, wave: 1, to: people, until: at(2), assignment: assignment)
        return .offersMade(OffersMade(at: at(-1), solicitations: [solicitation], directoryVersion: 1))
    }

    func withdrawal(_ reason: WithdrawalReason) -> PathwayEvent {
        .followUpsWithdrawn(FollowUpsWithdrawn(withdrawals: [.init(followUp: id, reason: reason, told: [cast.nurse])]))
    }

    func escalation(_ reason: EscalationReason) -> PathwayEvent {
        .followUpEscalated(FollowUpEscalated(followUp: id, at: now, step: 0, reason: reason, to: []))
    }

    private var alert: PathwayEvent {
        let report = AlertSignReported(
            report: "report-1",
            at: at(-1),
            by: by(cast.nurse),
            sign: .weightGain,
            followUp: id,
            called: [],
            note: "Texte libre à ne pas transmettre"
        )
        return .alertSignReported(report)
    }
}
