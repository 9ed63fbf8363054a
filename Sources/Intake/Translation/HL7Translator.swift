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
    public static let version = 3

    public init() {}

    /// - Parameter message: as its sender's profile says to read it (`SiteReading`).
    public func translate(_ message: Message, in context: TranslationContext) -> Translation {
        let header = message.header
        var translation = Translation(source: SenderSource.urn(of: header, in: context.territory))
        var findings = Findings()
        findings.take(message.irregularities)
        let key = PatientKey(header: header, authorities: context.authorities)

        if let refusal = HeaderCheck.refusal(of: header, in: context.environment) {
            findings.fail(refusal)
            translation.patient = key.named(in: message)
            translation.end(.refused, findings)
            return translation
        }
        checkSender(header, context, &findings)
        if header.controlID == nil { findings.fail(.requiredFieldMissing, at: .controlID, "the control id of the message is missing") }
        let trigger = header.messageType.event.flatMap(ADTTrigger.init(rawValue:))
        guard let trigger, findings.faults.isEmpty else {
            translation.patient = key.named(in: message)
            translation.end(findings.faults.isEmpty ? .ignored : .quarantined, findings)
            return translation
        }
        let reading = Reading(trigger: trigger, segments: ADTSegments(message, header), key: key, context: context)
        reading.run(into: &translation, &findings)
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
}

/// One message of a trigger that is carried, on its way to what it says.
private struct Reading {
    let trigger: ADTTrigger
    let segments: ADTSegments
    let key: PatientKey
    let context: TranslationContext

    func run(into translation: inout Translation, _ findings: inout Findings) {
        checkTrigger(&findings)
        let statement = statement(&findings)
        if let evn = segments.evn {
            if let code = evn.field(1).text, code != trigger.rawValue { findings.warn(.evn1Mismatch, at: "EVN-1") }
            translation.actor = ProfessionalReader.rpps(XCN(evn.field(5).repetition(1))).map { "urn:rpps:\($0.value)" }
        } else {
            findings.fail(.requiredFieldMissing, at: Location(.evn), "the segment of the event is missing")
        }
        let identifiers = PatientKey.identifiers(segments.pid?.field(3))
        let isDeceased = segments.pid.flatMap(IdentityReader.isDeceased)
        translation.patient = key.read(identifiers, at: .patientIdentifiers, &findings)
        readVisit(statement, isDeceased: isDeceased == true, into: &translation, &findings)
        readMerge(statement, into: &translation, &findings)
        if let pid = segments.pid, let patient = translation.patient, statesIdentity(pid, translation.report) {
            let environment = context.environment
            let death = isDeceased ?? (isToldByExitMode(translation.report) ? true : nil)
            let identity = IdentityReader.read(segments, pid, patient, identifiers, isDeceased: death, in: environment, &findings)
            translation.identity = PatientIdentified(identity: identity, statement: statement)
        } else if let patient = translation.patient, let isDeceased {
            // A death stops everything whatever the message is about.
            let identity = PatientIdentity(identifier: patient, deceased: isDeceased, isPartial: true)
            translation.identity = PatientIdentified(identity: identity, statement: statement)
        }
        guard findings.faults.isEmpty else {
            translation.end(.quarantined, findings)
            return
        }
        translation.warnings = findings.warnings
    }

    private func checkTrigger(_ findings: inout Findings) {
        if !trigger.isConformant { findings.warn(.nonConformantTrigger, at: "MSH-9") }
        if let structure = segments.header.messageType.structure, !trigger.structures.contains(structure) {
            findings.warn(.structureMismatch, at: "MSH-9")
        }
    }

    /// EVN-2, else MSH-7; MSH-7, else EVN-2; our own clock only where the sender's says nothing.
    private func statement(_ findings: inout Findings) -> Statement {
        let clock = context.senderClock
        let recorded = segments.evn.flatMap { clock.instant($0.field(2), at: "EVN-2", &findings) }
        let sent = clock.instant(segments.header.segment.field(7), at: "MSH-7", &findings)
        return Statement(
            recordedAt: recorded ?? sent ?? context.receivedAt,
            sentAt: sent ?? recorded ?? context.receivedAt,
            controlID: segments.header.controlID ?? "",
            digest: String(context.digest.prefix(16))
        )
    }

    private func readVisit(_ statement: Statement, isDeceased: Bool, into translation: inout Translation, _ findings: inout Findings) {
        let movement = MovementReader(
            trigger: trigger,
            clock: context.senderClock,
            authorities: key.authorities,
            isLenient: context.profile.isZBELenient
        )
        let content: MovementReader.Content?
        let visitKey: VisitKey
        if trigger.isAboutMovement {
            visitKey = visit(of: translation.patient, &findings)
            content = movement.read(segments, &findings)
        } else if trigger.meaning == .updateOfVisit, let update = movement.readUpdate(segments) {
            // An A08 whose visit cannot be told is news of the patient all the same.
            var quiet = Findings()
            visitKey = visit(of: translation.patient, &quiet)
            content = update
        } else {
            return
        }
        guard let patient = translation.patient, let visit = visitKey.visit else { return }
        let reference = context.streams.reference(visit: visit, patient: patient)
        translation.reference = reference
        translation.account = visitKey.account
        guard let content else { return }
        let reader = VisitReader(
            trigger: trigger,
            segments: segments,
            clock: context.senderClock,
            profile: context.profile,
            statement: statement
        )
        translation.report = reader.report(content, reference, isDeceased: isDeceased, &findings)
        if content.action == .cancel { translation.otherMovements = reader.others(content, reference) }
    }

    private func visit(of patient: LocalIdentifier?, _ findings: inout Findings) -> VisitKey {
        VisitKey(segments.pid, segments.pv1, patientAuthority: patient?.authority, context.profile, &findings)
    }

    private func readMerge(_ statement: Statement, into translation: inout Translation, _ findings: inout Findings) {
        let reader = MergeReader(key: key, context: context, statement: statement)
        let patient = translation.patient
        switch trigger.meaning {
        case .merge: translation.merges = reader.merges(in: segments.message, &findings)
        case .changeOfIdentifiers:
            translation.merges = reader.change(patient, segments.message.segment(.mrg), &findings).map { [$0] } ?? []
        case .moveOfDossier: translation.move = reader.move(to: patient, segments.pid, segments.message.segment(.mrg), &findings)
        case .movement, .cancellation, .correction, .identity, .updateOfVisit: break
        }
    }

    /// ZFM-2 = 9 beside anything but a discharge, which says it by itself, and takes it back with its own cancellation.
    private func isToldByExitMode(_ report: VisitReport?) -> Bool {
        switch report {
        case .movement(.discharge, _, _), .correction(.discharge, _, _): false
        default: segments.zfm?.field(2).text == "9"
        }
    }

    /// A cancellation speaks of a movement only: what it repeats of the patient is not taken as news, but a death. A merge and a move name patients, and
    /// say who they are only where they give a name.
    private func statesIdentity(_ pid: Segment, _ report: VisitReport?) -> Bool {
        switch trigger.meaning {
        case .cancellation: return false
        case .merge, .moveOfDossier: return !pid.field(5).isEmpty
        case .movement, .correction, .identity, .updateOfVisit, .changeOfIdentifiers:
            if case .cancellation = report { return false }
            return true
        }
    }
}
