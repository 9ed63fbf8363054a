import HL7v2
public import Pathways
public import Timekeeping

/// What one message says, in the words of the domain: nothing here is decided yet.
public struct Translation: Sendable, Hashable {
    /// What becomes of the message as far as it alone tells: `accepted` means that there is something to apply. Whether it is an orphan
    /// shows only beside the pathway.
    public internal(set) var outcome: MessageOutcome = .accepted
    /// Who says so, for the envelope: `urn:finess:…` of a hospital that the territory knows, else `urn:hl7:…` after MSH-4.
    public let source: String
    /// EVN-5 as `urn:rpps:…`, when it holds a valid RPPS.
    public internal(set) var actor: String?
    /// Whom the message names, even where the rest of it is unusable.
    public internal(set) var patient: LocalIdentifier?
    /// Which visit and whose, as soon as both can be read, even where the rest of the message is unusable.
    public internal(set) var reference: PathwayReference?
    /// PID-18: the administrative file (NDA) of the visit.
    public internal(set) var account: LocalIdentifier?
    public internal(set) var report: VisitReport?
    /// Further numbers (repetitions of ZBE-1) of the movement that `report` takes back.
    var otherMovements: [MovementID] = []
    public internal(set) var identity: PatientIdentified?
    /// A40, A47: which numbers are one person's.
    public internal(set) var merges: [PatientsMerged] = []
    /// A44.
    public internal(set) var move: DossierMoved?
    public internal(set) var warnings: [IntakeWarning] = []
    /// Why it is quarantined or refused; empty otherwise.
    public internal(set) var faults: [IntakeFault] = []

    init(source: String) { self.source = source }

    /// When what it tells happened at the bedside (I5); for a cancellation, a correction and what is told of a patient, when it was
    /// recorded.
    public var occurredAt: Instant? {
        switch report {
        case .movement(_, let movement, _): movement.effectiveAt
        case .correction(_, let movement, _): movement.statement.recordedAt
        case .cancellation(_, _, let statement): statement.recordedAt
        case nil: (identity?.statement ?? merges.first?.statement ?? move?.statement)?.recordedAt
        }
    }

    /// Leaves what it tells of the patient.
    mutating func forgetVisit() {
        reference = nil
        account = nil
        report = nil
        otherMovements = []
    }

    /// Leaves nothing to apply.
    mutating func end(_ outcome: MessageOutcome, _ findings: Findings) {
        self.outcome = outcome
        report = nil
        identity = nil
        merges = []
        move = nil
        warnings = findings.warnings
        faults = findings.faults
    }

    /// The domain's own refusal: the message goes to quarantine.
    mutating func end(refusedBy rejection: Rejection) {
        let remarks = warnings
        var findings = Findings()
        findings.fail(IntakeFault(rejection))
        end(.quarantined, findings)
        warnings = remarks
    }
}
