public import EventStore
public import Pathways
public import Timekeeping

/// What is done at a patient's request: opposition and its lifting, consent to sharing and its withdrawal, correction of who they are,
/// taking back a note; and that two merged numbers are two persons. All of it is events; the log keeps what was said before.
public struct PatientDesk: Sendable {
    private let coordinator: Coordinator

    public init(coordinator: Coordinator) { self.coordinator = coordinator }

    /// Masks who the patient is.
    ///
    /// - Parameter statedAt: when the patient said so.
    /// - Throws: `Rejection` `unknown-patient`; `EventStoreError.commandKeyReused`.
    public func oppose(
        _ basis: OppositionBasis,
        statedAt: Instant,
        for patient: StreamID,
        by caller: Caller,
        key: RequestKey
    ) async throws -> Coordinator.Outcome {
        let event = OppositionRecorded(basis: basis, statedAt: statedAt, by: caller.attribution)
        return try await decide(.oppositionRecorded(event), on: patient, at: statedAt, by: caller, key: key)
    }

    /// Shows who the patient is again.
    ///
    /// - Throws: `Rejection` `unknown-patient`; `EventStoreError.commandKeyReused`.
    public func liftOpposition(
        statedAt: Instant,
        for patient: StreamID,
        by caller: Caller,
        key: RequestKey
    ) async throws -> Coordinator.Outcome {
        let event = OppositionLifted(statedAt: statedAt, by: caller.attribution)
        return try await decide(.oppositionLifted(event), on: patient, at: statedAt, by: caller, key: key)
    }

    /// Takes down on what basis the patient agrees to sharing (CSP art. L1110-4, L1110-12).
    ///
    /// - Parameters:
    ///   - notice: the version of the information notice that was given (CSP art. R1110-2), if one was.
    ///   - statedAt: when the patient said so.
    /// - Throws: `Rejection` `unknown-patient`; `EventStoreError.commandKeyReused`.
    public func recordConsent(
        _ basis: SharingBasis,
        notice: String?,
        statedAt: Instant,
        for patient: StreamID,
        by caller: Caller,
        key: RequestKey
    ) async throws -> Coordinator.Outcome {
        let event = ConsentRecorded(basis: basis, statedAt: statedAt, by: caller.attribution, noticeVersion: notice)
        return try await decide(.consentRecorded(event), on: patient, at: statedAt, by: caller, key: key)
    }

    /// Ends a consent: nothing more is shared on this basis. What was shared stays in the log.
    ///
    /// - Throws: `Rejection` `unknown-patient`; `EventStoreError.commandKeyReused`.
    public func withdrawConsent(
        _ basis: SharingBasis,
        statedAt: Instant,
        for patient: StreamID,
        by caller: Caller,
        key: RequestKey
    ) async throws -> Coordinator.Outcome {
        let event = ConsentWithdrawn(basis: basis, statedAt: statedAt, by: caller.attribution)
        return try await decide(.consentWithdrawn(event), on: patient, at: statedAt, by: caller, key: key)
    }

    /// Corrects who the patient is; the hospital's feed does not undo it.
    ///
    /// - Throws: `Rejection` `unknown-patient`, `nothing-to-correct`; `EventStoreError.commandKeyReused`.
    public func correctIdentity(
        _ correction: IdentityCorrection,
        reason: CorrectionReason,
        of patient: StreamID,
        by caller: Caller,
        key: RequestKey
    ) async throws -> Coordinator.Outcome {
        let event = IdentityCorrected(correction: correction, reason: reason, by: caller.attribution)
        return try await decide(.identityCorrected(event), on: patient, at: coordinator.time.now(), by: caller, key: key)
    }

    /// Takes a merge back: two numbers are two persons after all. A later message may merge them again.
    ///
    /// - Throws: `Rejection` `not-merged`; `EventStoreError.commandKeyReused`.
    public func undoMerge(
        retired: StreamID,
        survivor: StreamID,
        by caller: Caller,
        key: RequestKey
    ) async throws -> Coordinator.Outcome {
        let now = coordinator.time.now()
        let author = Author(source: caller.urn, actor: caller.urn, occurredAt: now)
        return try await coordinator.performRecordingReuse(key.command(for: caller), caller) { work in
            guard let merge = try work.patient(retired).mergeInForce, merge.survivor.stream == survivor.hex else {
                throw Rejection(.notMerged, "the first number is not merged into the second; look at the patient's links")
            }
            // After the merge in the order of statements, even if the hospital's clock is ahead of ours.
            let instant = max(now, merge.statement.recordedAt.adding(milliseconds: 1))
            let statement = Statement(recordedAt: instant, sentAt: instant, controlID: key.key, digest: String(key.digest.hex.prefix(16)))
            let event = MergeUndone(retired: merge.retired, survivor: merge.survivor, statement: statement, by: caller.attribution)
            try work.undoMerge(event, by: author)
            return []
        }
    }

    /// Takes back a note of a pathway: by whoever wrote it, or the référent-parcours.
    ///
    /// - Parameter entry: the event that made the note.
    /// - Throws: `Rejection` `unknown-entry`, `not-a-note`, `not-yours`; `EventStoreError.commandKeyReused`.
    public func retract(
        _ entry: EventID,
        in pathway: StreamID,
        reason: RetractionReason,
        by caller: Caller,
        key: RequestKey
    ) async throws -> Coordinator.Outcome {
        let author = Author(source: caller.urn, actor: caller.urn, occurredAt: coordinator.time.now())
        return try await coordinator.performRecordingReuse(key.command(for: caller), caller) { work in
            guard let found = try work.entry(entry, of: pathway) else {
                throw Rejection(.unknownEntry, "this pathway has no event \(entry)")
            }
            guard case .pathway(.followUpNoted(let note)) = found.event else {
                throw Rejection(.notANote, "only a note can be taken back; what was done or decided is corrected by doing or deciding otherwise")
            }
            guard note.by.rpps == caller.attribution.rpps || caller.attribution.capacity == .referent else {
                throw Rejection(.notYours, "only who wrote a note, or the référent-parcours, takes it back")
            }
            try work.decide(.retract(event: entry.description, by: caller.attribution, reason: reason), on: pathway, by: author)
            return []
        }
    }

    private func decide(
        _ wanted: PatientEvent,
        on patient: StreamID,
        at instant: Instant,
        by caller: Caller,
        key: RequestKey
    ) async throws -> Coordinator.Outcome {
        let author = Author(source: caller.urn, actor: caller.urn, occurredAt: instant)
        return try await coordinator.performRecordingReuse(key.command(for: caller), caller) { work in
            try work.decide(wanted, on: patient, by: author)
            return []
        }
    }
}
