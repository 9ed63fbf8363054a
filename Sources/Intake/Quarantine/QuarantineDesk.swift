public import Coordination
public import EventStore
import HL7v2
public import Pathways
import Timekeeping

/// What people decide on messages that were refused with AE: read again, put right, or put aside. Every decision is an event in the sender's
/// stream; a message is decided once.
public struct QuarantineDesk: Sendable {
    private static let decisions: Set<String> = [MessageRepaired.type, MessageDiscarded.type]
    /// What the domain has against what a message states.
    private static let refusalsOfReports: Set<Rejection.Code> = [.movementKeyReused, .visitOfAnotherPatient, .samePatient, .handedOver]

    private let intake: HL7Intake
    private var coordinator: Coordinator { intake.coordinator }

    public init(intake: HL7Intake) { self.intake = intake }

    /// What an operator may see of a message.
    /// - Throws: `Rejection` `unknown-message`, `not-quarantined`, `message-erased`; `CoordinationError`, `EventStoreError`.
    public func show(at position: Int64) throws -> MaskedMessage {
        let message = try QuarantinedMessage(at: position, in: coordinator.loader)
        return MaskedMessage(try message.parsed(), message.received)
    }

    /// Reads a message again, under the site profile in force now and with fields put right; what it states is recorded with the decision.
    ///
    /// - Parameters:
    ///   - message: id of its `message-received` event.
    ///   - position: of that event.
    ///   - corrections: empty where a changed site profile or directory is enough.
    /// - Returns: the faults that are left, if any; nothing is recorded then.
    /// - Throws: `Rejection` `unknown-message`, `not-quarantined`, `already-decided`, `message-erased`, `malformed-correction`;
    ///   `EventStoreError.commandKeyReused`.
    public func repair(
        _ message: EventID,
        at position: Int64,
        corrections: [MessageCorrection],
        by caller: Caller,
        key: RequestKey
    ) async throws -> QuarantineResult {
        do {
            var outcome = MessageOutcome.accepted
            let done = try await decide(message, at: position, by: caller, key: key) { found, work in
                outcome = try repair(found, corrections, by: caller, in: &work)
                return Array(outcome.rawValue.utf8)
            }
            if case .repeated(let answer, _) = done {
                outcome = answer.flatMap { MessageOutcome(rawValue: String(decoding: $0, as: UTF8.self)) } ?? .accepted
            }
            return .repaired(outcome: outcome, position: done.position)
        } catch let error as StillFaulty {
            return .stillFaulty(error.faults)
        } catch let rejection as Rejection where Self.refusalsOfReports.contains(rejection.code) {
            return .stillFaulty([IntakeFault(rejection)])
        }
    }

    /// Puts a message aside for good.
    ///
    /// - Throws: `Rejection` `unknown-message`, `not-quarantined`, `already-decided`, `message-erased`; `EventStoreError.commandKeyReused`.
    public func discard(
        _ message: EventID,
        at position: Int64,
        reason: DiscardReason,
        note: String?,
        by caller: Caller,
        key: RequestKey
    ) async throws -> Coordinator.Outcome {
        try await decide(message, at: position, by: caller, key: key) { found, work in
            let event = MessageDiscarded(message: found.event.id.description, reason: reason, note: note, by: caller.attribution)
            record(event, on: found, by: caller, in: &work)
            return []
        }
    }

    // MARK: - Deciding

    /// Nothing is recorded.
    private struct StillFaulty: Error {
        let faults: [IntakeFault]
    }

    /// One decision on a message that is still undecided. The append expects the sender's stream as it was read: of two people, one comes
    /// second.
    private func decide(
        _ message: EventID,
        at position: Int64,
        by caller: Caller,
        key: RequestKey,
        _ body: (Found, inout UnitOfWork) throws -> [UInt8]
    ) async throws -> Coordinator.Outcome {
        try await coordinator.performRecordingReuse(key.command(for: caller), caller) { work in
            let message = try quarantined(message, at: position)
            let sender = message.event.stream
            let before = try coordinator.loader.recorded(Self.decisions, in: sender, fromVersion: message.event.version + 1)
            // By its cause: what it says may have been erased since.
            guard !before.found.contains(where: { $0.event.causation == message.event.id }) else {
                throw Rejection(.alreadyDecided, "this message was repaired or discarded already")
            }
            if let subject = message.subject { work.concern(subject) }
            return try body(Found(message: message, senderVersion: before.last, subject: message.subject), &work)
        }
    }

    private struct Found {
        let message: QuarantinedMessage
        /// Of the sender's stream, as read.
        let senderVersion: Int64
        /// Under whose key the decision is sealed.
        var subject: SealingRequest?
        var event: RecordedEvent { message.event }
    }

    private func quarantined(_ id: EventID, at position: Int64) throws -> QuarantinedMessage {
        let message = try QuarantinedMessage(at: position, in: coordinator.loader)
        guard message.event.id == id else { throw Rejection(.unknownMessage, "position \(position) holds another message") }
        return message
    }

    private func record(_ event: some EventBody, on found: Found, by caller: Caller, in work: inout UnitOfWork, id: EventID? = nil) {
        work.record(
            event,
            on: found.event.stream,
            expecting: .exactly(found.senderVersion),
            by: Author(source: caller.urn, actor: caller.urn, occurredAt: coordinator.time.now(), causation: found.event.id),
            sealedFor: found.subject,
            id: id
        )
    }

    /// Under whose key a repair is sealed: that of the patient whom the message names now, so that their erasure takes it. A message that
    /// named nobody has a key of its own: from now on that key is the patient's, and goes with theirs.
    private func subject(of found: Found, now patient: LocalIdentifier?, in work: inout UnitOfWork) throws -> SealingRequest? {
        guard let patient = patient.map({ coordinator.streams.patient($0) }) else { return found.subject }
        // The append then depends on the patient's stream, which an erasure marks.
        _ = try work.patient(patient)
        let own = coordinator.streams.message(found.message.received.facts.digest)
        return SealingRequest(stream: found.subject?.stream == own ? own : patient, patient: patient)
    }

    private func repair(
        _ found: Found,
        _ corrections: [MessageCorrection],
        by caller: Caller,
        in work: inout UnitOfWork
    ) throws -> MessageOutcome {
        let published = try work.territory()
        guard let territory = published.territory else { throw CoordinationError.noTerritory }
        let received = found.message.received
        let agreed = published.siteProfile(for: HL7Sender(application: received.facts.application, facility: received.facts.facility))
        let profile = agreed?.profile ?? .strict
        let message = try SiteReading(profile: profile).message(try found.message.parsed(), of: found.message.bytes).corrected(by: corrections)
        let translation = intake.translator.translate(
            message,
            in: intake.context(territory, profile, receivedAt: found.event.time, digest: received.facts.digest)
        )
        guard translation.faults.isEmpty else { throw StillFaulty(faults: translation.faults) }
        let repaired = work.reserveID()
        let author = Author(
            source: translation.source,
            actor: caller.urn,
            occurredAt: translation.occurredAt ?? found.event.time,
            causation: repaired
        )
        let effect = try StatedFacts(translation: translation, profile: profile, streams: coordinator.streams).apply(in: &work, by: author)
        let event = MessageRepaired(
            message: found.event.id.description,
            corrections: corrections,
            profileDigest: agreed?.digest,
            outcome: effect.outcome,
            warnings: translation.warnings + effect.warnings,
            pathwayStream: effect.pathway?.hex,
            by: caller.attribution
        )
        var decided = found
        decided.subject = try subject(of: found, now: translation.patient, in: &work)
        if let subject = decided.subject { work.concern(subject) }
        record(event, on: decided, by: caller, in: &work, id: repaired)
        return effect.outcome
    }
}
