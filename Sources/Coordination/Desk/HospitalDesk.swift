public import EventStore
public import Pathways
public import Timekeeping

/// What hospital staff emit by hand, by API or command line, where no HL7 feed does it for them: the same commands.
public struct HospitalDesk: Sendable {
    /// An admission typed in by somebody.
    public struct Admission: Sendable, Hashable {
        public var visit: LocalIdentifier
        public var identity: PatientIdentity
        public var at: Instant
        public var unit: MedicalUnitReference?
        public var declared: [DeclaredProfessional]

        public init(
            visit: LocalIdentifier,
            identity: PatientIdentity,
            at: Instant,
            unit: MedicalUnitReference? = nil,
            declared: [DeclaredProfessional] = []
        ) {
            self.visit = visit
            self.identity = identity
            self.at = at
            self.unit = unit
            self.declared = declared
        }
    }

    public enum Step: Sendable, Hashable {
        case planDischarge(at: Instant)
        case discharge(at: Instant, DischargeMode)
        case confirmHomeReturn(at: Instant, HomeReturnEvidence)
    }

    private let coordinator: Coordinator

    public init(coordinator: Coordinator) { self.coordinator = coordinator }

    /// Opens the pathway of a visit.
    /// - Returns: the pathway's stream, and what came of the command.
    /// - Throws: `Rejection`, `EventStoreError.commandKeyReused`.
    public func admit(_ admission: Admission, by caller: Caller, key: RequestKey) async throws -> (StreamID, Coordinator.Outcome) {
        let now = coordinator.time.now()
        let reference = coordinator.streams.reference(visit: admission.visit, patient: admission.identity.identifier)
        let pathway = coordinator.streams.pathway(admission.visit)
        let patient = coordinator.streams.patient(admission.identity.identifier)
        let statement = Self.statement(key, at: now)
        let movement = Movement(
            id: Self.movementID("admission", admission.visit, admission.at),
            effectiveAt: admission.at,
            unit: admission.unit,
            declared: admission.declared,
            statement: statement
        )
        let author = Author(source: caller.urn, actor: caller.urn, occurredAt: now)
        let outcome = try await coordinator.performRecordingReuse(key.command(for: caller), caller) { work in
            if try !work.patient(patient).agrees(with: admission.identity) {
                try work.identify(PatientIdentified(identity: admission.identity, statement: statement), on: patient, by: author)
            }
            let report = VisitReport.movement(.admission, movement, nil)
            let known = try work.pathway(pathway)
            if known.reference == reference, known.agrees(with: report) { return [] }
            let effect = try work.report(report, reference, account: nil, by: author)
            // A feed's claim waits for a dossier to be moved; a person is told at once.
            if effect.isHeld { throw Rejection(.visitOfAnotherPatient, "this visit is known for another patient; check its number") }
            return []
        }
        return (pathway, outcome)
    }

    /// A later step of a pathway that is known.
    /// - Throws: `Rejection`, `EventStoreError.commandKeyReused`.
    public func perform(_ step: Step, on pathway: StreamID, by caller: Caller, key: RequestKey) async throws -> Coordinator.Outcome {
        let now = coordinator.time.now()
        let author = Author(source: caller.urn, actor: caller.urn, occurredAt: now)
        return try await coordinator.performRecordingReuse(key.command(for: caller), caller) { work in
            switch step {
            case .planDischarge(let at):
                try work.decide(.planDischarge(at: at, by: caller.attribution), on: pathway, by: author)
            case .confirmHomeReturn(let at, let evidence):
                let confirmation = HomeReturnConfirmed(at: at, by: caller.attribution, howKnown: evidence)
                try work.decide(.confirmHomeReturn(confirmation), on: pathway, by: author)
            case .discharge(let at, let mode):
                let state = try work.pathway(pathway)
                guard let reference = state.reference else {
                    throw Rejection(.unknownPathway, "nothing is known of this pathway; check its id")
                }
                guard state.stay.isInHospital || state.stay.dischargedAt == at else {
                    throw Rejection(.notAdmitted, "only a patient who is in hospital can be discharged")
                }
                let movement = Movement(
                    id: Self.movementID("discharge", reference.visit, at),
                    effectiveAt: at,
                    unit: state.stay.unit,
                    statement: Self.statement(key, at: now)
                )
                let report = VisitReport.movement(.discharge, movement, mode)
                if !state.agrees(with: report) { try work.report(report, reference, account: nil, by: author) }
            }
            return []
        }
    }

    /// A movement that no hospital system numbered is named by what it is and when, so that typing it twice makes one.
    private static func movementID(_ kind: String, _ visit: LocalIdentifier, _ at: Instant) -> MovementID {
        MovementID(authority: "\(visit.authority)/\(visit.value)", value: "\(kind)@\(at.millisecondsSinceEpoch)")
    }

    private static func statement(_ key: RequestKey, at now: Instant) -> Statement {
        Statement(recordedAt: now, sentAt: now, controlID: key.key, digest: String(key.digest.hex.prefix(16)))
    }
}
