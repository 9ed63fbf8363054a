import Coordination
import EventStore
import Foundation
import HL7v2
import Pathways
import Timekeeping

extension HL7Intake {
    /// What a frame becomes, and what is answered: all of it in one append. Runs again when another command was faster, so it must not
    /// have any effect but on `work`.
    func decide(_ frame: ReceivedFrame, _ attempt: Attempt, in work: inout UnitOfWork) throws -> Answer {
        let published = try work.territory()
        guard let territory = published.territory else { throw CoordinationError.noTerritory }
        let profile = published.siteProfile(for: frame.sender)?.profile ?? .strict
        let message = try SiteReading(profile: profile).message(frame.message, of: frame.bytes)
        let context = context(territory, profile, receivedAt: frame.receivedAt, digest: frame.facts.digest)
        var translation = translator.translate(message, in: context)
        translation.warnings += attempt.warnings
        if attempt.isControlIDReused { translation.warnings.append(IntakeWarning(.controlIDReused, at: "MSH-10")) }
        if let rejection = attempt.rejection { translation.end(refusedBy: rejection) }

        // An A08 goes to every territory that knows the patient; what it says of a movement is for the one that keeps the visit.
        if attempt.isRouted, frame.header.messageType.event == ADTTrigger.updateOfVisit.rawValue, let reference = translation.reference,
            try work.pathway(coordinator.streams.pathway(reference.visit)).reference == nil
        {
            translation.forgetVisit()
        }

        let parts = FrameParts.of(frame)
        let facts = parts.count > 1 ? frame.facts.of(part: parts[0]) : frame.facts
        let subject = try subject(of: translation.patient, facts, in: &work)
        work.concern(subject)
        let received = work.reserveID()
        let author = Author(
            source: translation.source,
            actor: translation.actor,
            occurredAt: translation.occurredAt ?? frame.receivedAt,
            causation: received
        )
        let effect = try StatedFacts(translation: translation, profile: profile, streams: coordinator.streams).apply(in: &work, by: author)
        translation.warnings += effect.warnings
        let code = frame.header.acknowledgementCode(for: effect.outcome.acknowledgement)
        let kept = MessageReceived(
            facts: frame.facts,
            outcome: effect.outcome,
            acknowledgement: code.rawValue,
            warnings: translation.warnings,
            errors: translation.faults.map(\.description),
            pathwayStream: effect.pathway?.hex,
            subject: subject.stream.hex
        )
        try record(kept, of: parts, under: subject, frame, translation, context, as: received, in: &work)
        let acknowledgement = Acknowledgement(code, to: frame.header, errors: translation.remarks)
        let receipt = IntakeReceipt(
            result: .recorded(effect.outcome),
            acknowledgement: code,
            warnings: translation.warnings,
            faults: translation.faults,
            pathway: effect.pathway
        )
        return Answer(bytes: encoded(acknowledgement, to: frame), receipt: receipt)
    }

    /// Keeps the bytes, each part of them under the patient whom it names: what an A40 says of one person goes with that person, and leaves what
    /// it says of others. A part is a message of its own, which an operator can repair by itself; what the whole does is told by the first.
    private func record(
        _ received: MessageReceived,
        of parts: [[UInt8]],
        under subject: SealingRequest,
        _ frame: ReceivedFrame,
        _ translation: Translation,
        _ context: TranslationContext,
        as id: EventID,
        in work: inout UnitOfWork
    ) throws {
        let sender = coordinator.streams.intake(facility: frame.facts.facility, application: frame.facts.application)
        let author = Author(source: translation.source, actor: translation.actor, occurredAt: frame.receivedAt)
        guard parts.count > 1 else {
            work.record(received, on: sender, by: author, attachment: parts.first, sealedFor: subject, id: id)
            return
        }
        for (index, part) in parts.enumerated() {
            let facts = frame.facts.of(part: part)
            let own = try? translator.translate(Message(parsing: part), in: context)
            let subject = index == 0 ? subject : try self.subject(of: own?.patient, facts, in: &work)
            // Where a part has faults, they are at the places that it has itself.
            let faults = received.errors.isEmpty ? [] : own?.faults.map(\.description) ?? []
            let body = MessageReceived(
                facts: facts,
                outcome: index > 0 && received.outcome == .orphan ? .accepted : received.outcome,
                acknowledgement: received.acknowledgement,
                warnings: index == 0 ? received.warnings : [],
                errors: faults.isEmpty ? received.errors : faults,
                subject: subject.stream.hex
            )
            work.record(body, on: sender, by: author, attachment: part, sealedFor: subject, id: index == 0 ? id : nil)
        }
    }

    /// Whom the message is about: the patient, else the message itself. It is sealed under their key, and so is its answer, so that an erasure
    /// takes what the hospital sent with it.
    private func subject(of patient: LocalIdentifier?, _ facts: MessageFacts, in work: inout UnitOfWork) throws -> SealingRequest {
        let stream = patient.map { coordinator.streams.patient($0) }
        let subject = stream ?? coordinator.streams.message(facts.digest)
        // The append then depends on the patient's stream: one that an erasure has marked meanwhile is decided anew, under a new key.
        if let stream { _ = try work.patient(stream) }
        return SealingRequest(stream: subject, patient: subject)
    }

    func context(_ territory: Territory, _ profile: SiteProfile, receivedAt: Instant, digest: String) -> TranslationContext {
        TranslationContext(
            territory: territory,
            environment: environment,
            profile: profile,
            clock: clocks.table(profile.timeZone?.identifier ?? territory.timeZone),
            receivedAt: receivedAt,
            digest: digest,
            streams: coordinator.streams
        )
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
