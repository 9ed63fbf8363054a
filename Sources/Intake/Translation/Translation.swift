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
    /// Which visit and whose, as soon as both can be read, even where the rest of the message is unusable.
    public internal(set) var reference: PathwayReference?
    public internal(set) var report: VisitReport?
    public internal(set) var identity: PatientIdentified?
    public internal(set) var warnings: [IntakeWarning] = []
    /// Why it is quarantined or refused; empty otherwise.
    public internal(set) var faults: [IntakeFault] = []

    init(source: String) { self.source = source }

    /// When what it tells happened at the bedside (I5); for a cancellation and an identity, when it was recorded.
    public var occurredAt: Instant? {
        switch report {
        case .movement(_, let movement, _): movement.effectiveAt
        case .cancellation(_, _, let statement): statement.recordedAt
        case nil: identity?.statement.recordedAt
        }
    }

    /// Leaves nothing to apply.
    mutating func end(_ outcome: MessageOutcome, _ findings: Findings) {
        self.outcome = outcome
        report = nil
        identity = nil
        warnings = findings.warnings
        faults = findings.faults
    }

    /// The pathway's own refusal: the message goes to quarantine.
    mutating func end(refusedBy rejection: Rejection) {
        var findings = Findings()
        switch rejection.code {
        case .visitOfAnotherPatient:
            findings.fail(.unknownKey, at: .patientIdentifiers, "the visit in PV1-19 is known for another patient")
        case .handedOver:
            findings.fail(.unknownKey, at: .visitNumber, "the visit in PV1-19 goes on in another territory: send its messages there")
        default:
            findings.fail(.duplicateKey, at: .movementIdentifier, "the movement is known with another trigger or another time")
        }
        let remarks = warnings
        end(.quarantined, findings)
        warnings = remarks
    }
}
