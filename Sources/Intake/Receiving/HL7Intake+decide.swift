import Coordination
import EventStore
import Foundation
import HL7v2
import Pathways

extension HL7Intake {
    /// What a frame becomes, and what is answered: all of it in one append. Runs again when another command was faster, so it must not
    /// have any effect but on `work`.
    func decide(_ frame: ReceivedFrame, _ attempt: Attempt, in work: inout UnitOfWork) throws -> Answer {
        let published = try work.territory()
        guard let territory = published.territory else { throw CoordinationError.noTerritory }
        var translation = translator.translate(frame.message, in: context(of: frame, territory))
        translation.warnings += attempt.warnings
        if attempt.isControlIDReused { translation.warnings.append(IntakeWarning(.controlIDReused, at: "MSH-10")) }
        if let rejection = attempt.rejection { translation.end(refusedBy: rejection) }

        let pathway = translation.reference.map { coordinator.streams.pathway($0.visit) }
        var outcome = translation.outcome
        if outcome == .accepted, let report = translation.report, let reference = translation.reference, let stream = pathway {
            let pathway = try work.pathway(stream)
            let foreseen = try ForeseenEffect(of: report, reference, on: pathway, under: published.protocols)
            if foreseen.isHeld { outcome = .orphan }
            translation.warnings += foreseen.warnings
        }
        let subject = try subject(of: frame, in: &work)
        let code = frame.header.acknowledgementCode(for: outcome.acknowledgement)
        let cause = work.record(
            MessageReceived(
                facts: frame.facts,
                outcome: outcome,
                acknowledgement: code.rawValue,
                warnings: translation.warnings,
                errors: translation.faults.map(\.description),
                pathwayStream: pathway?.hex,
                subject: subject.stream.hex
            ),
            on: coordinator.streams.intake(facility: frame.facts.facility, application: frame.facts.application),
            by: Author(source: translation.source, actor: translation.actor, occurredAt: frame.receivedAt),
            attachment: frame.bytes,
            sealedFor: subject
        )
        try apply(translation, to: pathway, causedBy: cause, frame, in: &work)

        let acknowledgement = Acknowledgement(code, to: frame.header, errors: translation.remarks)
        let receipt = IntakeReceipt(
            result: .recorded(outcome),
            acknowledgement: code,
            warnings: translation.warnings,
            faults: translation.faults,
            pathway: pathway
        )
        return Answer(bytes: encoded(acknowledgement, to: frame), receipt: receipt)
    }

    /// Whom the message is about: the patient, else the message itself. It is sealed under their key, and so is its answer, so that an erasure
    /// takes what the hospital sent with it.
    private func subject(of frame: ReceivedFrame, in work: inout UnitOfWork) throws -> SealingRequest {
        let patient = PatientKey.named(in: frame.message, frame.header).map { coordinator.streams.patient($0) }
        let stream = patient ?? coordinator.streams.message(frame.facts.digest)
        // The append then depends on the patient's stream: one that an erasure has marked meanwhile is decided anew, under a new key.
        if patient != nil { _ = try work.patient(stream) }
        let subject = SealingRequest(stream: stream, patient: stream)
        work.concern(subject)
        return subject
    }

    private func context(of frame: ReceivedFrame, _ territory: Territory) -> TranslationContext {
        let profile = profiles[HL7Sender(frame.header)] ?? .strict
        return TranslationContext(
            territory: territory,
            environment: environment,
            profile: profile,
            clock: clocks.table(profile.timeZone?.identifier ?? territory.timeZone),
            receivedAt: frame.receivedAt,
            digest: frame.facts.digest,
            streams: coordinator.streams
        )
    }

    /// The facts of the domain that the message states; none for one that is ignored, quarantined or refused.
    private func apply(
        _ translation: Translation,
        to pathway: StreamID?,
        causedBy cause: EventID,
        _ frame: ReceivedFrame,
        in work: inout UnitOfWork
    ) throws {
        let author = Author(
            source: translation.source,
            actor: translation.actor,
            occurredAt: translation.occurredAt ?? frame.receivedAt,
            causation: cause
        )
        if let identity = translation.identity {
            // The reference holds the patient's stream already, when there is one.
            let named = translation.reference.flatMap { StreamID(hex: $0.patientStream) }
            try work.identify(identity, on: named ?? coordinator.streams.patient(identity.identity.identifier), by: author)
        }
        if let report = translation.report, let reference = translation.reference, let pathway {
            try work.decide(.report(report, reference), on: pathway, by: author)
        }
    }
}

extension MessageOutcome {
    /// MSA-1 in original mode (health-domain §A.5): AE for content that must not be sent again unchanged, AR for what is not ours.
    var acknowledgement: AcknowledgementCode {
        switch self {
        case .accepted, .ignored, .orphan: .applicationAccept
        case .quarantined: .applicationError
        case .refused: .applicationReject
        }
    }
}
