import Coordination
public import HL7v2
import Pathways
import Timekeeping

/// An HL7 v2 message → what it says in the words of the domain. Pure: no log, no clock, no chance.
///
/// The rules are those of health-domain §A.4 to §A.8 (IHE PAM France 2.11.2). Events already in the log are never translated again: a
/// change of rules is a new `version`, and counts for the messages that come after it.
public struct HL7Translator: Sendable {
    /// Grows with each change that makes the same message say something else.
    public static let version = 1

    public init() {}

    public func translate(_ message: Message, in context: TranslationContext) -> Translation {
        let header = message.header
        var translation = Translation(source: SenderSource.urn(of: header, in: context.territory))
        var findings = Findings()
        findings.take(message.irregularities)

        if let refusal = HeaderCheck.refusal(of: header, in: context.environment) {
            findings.fail(refusal.code, at: refusal.location, refusal.reason)
            translation.end(.refused, findings)
            return translation
        }
        checkSender(header, context, &findings)
        if header.controlID == nil { findings.fail(.requiredFieldMissing, at: .controlID, "the control id of the message is missing") }
        guard findings.faults.isEmpty else {
            translation.end(.quarantined, findings)
            return translation
        }
        guard let trigger = header.messageType.event.flatMap(ADTTrigger.init(rawValue:)) else {
            translation.end(.ignored, findings)
            return translation
        }
        read(message, header, trigger, context, into: &translation, &findings)
        return translation
    }

    private func checkSender(_ header: MessageHeader, _ context: TranslationContext, _ findings: inout Findings) {
        let sender = HL7Sender(header)
        if context.territory.isKnownSender(application: sender.application, facility: sender.facility) { return }
        switch context.environment {
        case .test: findings.warn(.unknownSender, at: "MSH-4")
        case .production:
            findings.fail(.tableValueNotFound, at: .sendingFacility, "this sender (MSH-3 and MSH-4) is not in the territory file")
        }
    }

    private func read(
        _ message: Message,
        _ header: MessageHeader,
        _ trigger: ADTTrigger,
        _ context: TranslationContext,
        into translation: inout Translation,
        _ findings: inout Findings
    ) {
        if !trigger.isConformant { findings.warn(.nonConformantTrigger, at: "MSH-9") }
        if let structure = header.messageType.structure, structure != trigger.structure { findings.warn(.structureMismatch, at: "MSH-9") }

        let clock = SenderClock(zone: context.clock, receivedAt: context.receivedAt)
        let evn = message.segment(.evn)
        let statement = statement(header, evn, clock, context, &findings)
        if let evn {
            if let code = evn.field(1).text, code != trigger.rawValue { findings.warn(.evn1Mismatch, at: "EVN-1") }
            translation.actor = ProfessionalReader.rpps(XCN(evn.field(5).repetition(1))).map { "urn:rpps:\($0.value)" }
        } else {
            findings.fail(.requiredFieldMissing, at: Location(.evn), "the segment of the event is missing")
        }

        let pid = message.segment(.pid)
        let identifiers = pid?.field(3).repetitions.map { CX($0) } ?? []
        let patient = PatientKey.read(identifiers, header, &findings)
        if trigger.meaning != .identity {
            let pv1 = message.segment(.pv1)
            let visit = VisitKey.read(pid: pid, pv1: pv1, patientAuthority: patient?.authority, context.profile, &findings)
            let zbe = message.segment(.zbe)
            let movement = MovementReader(trigger: trigger, clock: clock).read(zbe, &findings)
            if let patient, let visit {
                let reference = context.streams.reference(visit: visit, patient: patient)
                let segments = Segments(message: message, pid: pid, pv1: pv1, zbe: zbe)
                translation.reference = reference
                translation.report = movement.flatMap { report($0, trigger, reference, statement, segments, &findings) }
            }
        }
        // A cancellation speaks of a movement only: what it repeats of the patient is not taken as news.
        var statesIdentity = true
        if case .cancellation = trigger.meaning { statesIdentity = false }
        if let pid, let patient, statesIdentity {
            let identity = IdentityReader.read(pid, patient, identifiers, in: context.environment, &findings)
            translation.identity = PatientIdentified(identity: identity, statement: statement)
        }
        guard findings.faults.isEmpty else {
            translation.end(.quarantined, findings)
            return
        }
        translation.warnings = findings.warnings
    }

    /// EVN-2, else MSH-7; MSH-7, else EVN-2; our own clock only where the sender's says nothing.
    private func statement(
        _ header: MessageHeader,
        _ evn: Segment?,
        _ clock: SenderClock,
        _ context: TranslationContext,
        _ findings: inout Findings
    ) -> Statement {
        let recorded = evn.flatMap { clock.instant($0.field(2), at: "EVN-2", &findings) }
        let sent = clock.instant(header.segment.field(7), at: "MSH-7", &findings)
        return Statement(
            recordedAt: recorded ?? sent ?? context.receivedAt,
            sentAt: sent ?? recorded ?? context.receivedAt,
            controlID: header.controlID ?? "",
            digest: String(context.digest.prefix(16))
        )
    }

    /// The parts of a message that a movement is read from.
    private struct Segments {
        let message: Message
        let pid: Segment?
        let pv1: Segment?
        let zbe: Segment?
    }

    private func report(
        _ content: MovementReader.Content,
        _ trigger: ADTTrigger,
        _ reference: PathwayReference,
        _ statement: Statement,
        _ segments: Segments,
        _ findings: inout Findings
    ) -> VisitReport? {
        // Movement numbers are unique within a visit only: official samples reuse 312 from one visit to the next.
        let authority = content.authority ?? reference.patient.authority
        let id = MovementID(authority: "\(authority)/\(reference.visit.value)", value: content.number)
        switch trigger.meaning {
        case .identity:
            return nil
        case .cancellation(let kind):
            return .cancellation(id, kind, statement)
        case .movement(let kind):
            let movement = Movement(
                id: id,
                effectiveAt: content.effectiveAt,
                historic: content.isHistoric,
                unit: MovementReader.unit(zbe: segments.zbe, pv1: segments.pv1, authority: reference.visit.authority),
                declared: ProfessionalReader.declared(in: segments.message, &findings),
                statement: statement
            )
            if kind == .emergencyVisit { checkClass(segments.pv1, &findings) }
            return .movement(kind, movement, kind == .discharge ? dischargeMode(segments, &findings) : nil)
        }
    }

    private func dischargeMode(_ segments: Segments, _ findings: inout Findings) -> DischargeMode {
        let isDeceased = segments.pid.map(IdentityReader.isDeceased) ?? false
        return DischargeRouting.mode(pv1: segments.pv1, zfm: segments.message.segment(.zfm), isDeceased: isDeceased, &findings)
    }

    /// A04 registers who does not stay. A class of stay beside it (PV1-2 = I, R) does not make it one: follow-ups start after an A01.
    private func checkClass(_ pv1: Segment?, _ findings: inout Findings) {
        guard let code = pv1?.field(2).text, !["E", "O", "N", "V"].contains(code) else { return }
        findings.warn(.codeOutsideTable, at: "PV1-2")
    }
}
