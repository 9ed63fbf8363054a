import EventStore
public import Pathways
public import Timekeeping

/// When professionals are away, beside the published directory: declared by themselves, or by the référent-parcours for them. Who is away is
/// not asked, and their replacement stands in; what they have in hand stays theirs until they give it back.
public struct AbsenceDesk: Sendable {
    private let coordinator: Coordinator

    public init(coordinator: Coordinator) { self.coordinator = coordinator }

    /// Declared again with the same beginning, it says the rest anew.
    ///
    /// - Throws: `Rejection` `unknown-professional`, `invalid-absence`, `referent-only`; `EventStoreError.commandKeyReused`.
    public func declare(_ absence: Absence, of rpps: String, by caller: Caller, key: RequestKey) async throws -> Coordinator.Outcome {
        let event = AbsenceDeclared(
            rpps: rpps,
            from: absence.from,
            to: absence.to,
            replacement: absence.replacement?.value,
            by: caller.attribution
        )
        return try await append(of: rpps, by: caller, key: key) { try $0.decide(event) }
    }

    /// Ends a declared absence before its time, or calls it off.
    ///
    /// - Parameters:
    ///   - from: that of the absence.
    ///   - instant: the first instant back; at `from` or before, the absence is called off.
    /// - Throws: `Rejection` `unknown-absence`, `referent-only`; `EventStoreError.commandKeyReused`.
    public func end(
        absenceFrom from: Instant,
        of rpps: String,
        at instant: Instant,
        by caller: Caller,
        key: RequestKey
    ) async throws -> Coordinator.Outcome {
        let event = AbsenceEnded(rpps: rpps, from: from, at: instant, by: caller.attribution)
        return try await append(of: rpps, by: caller, key: key) { try $0.decide(event) }
    }

    private func append<Event: EventBody>(
        of rpps: String,
        by caller: Caller,
        key: RequestKey,
        _ decide: (TerritoryState) throws -> Event?
    ) async throws -> Coordinator.Outcome {
        let author = Author(source: caller.urn, actor: caller.urn, occurredAt: coordinator.time.now())
        let stream = coordinator.streams.territory
        return try await coordinator.performRecordingReuse(key.command(for: caller), caller) { work in
            guard caller.attribution.rpps == rpps || caller.attribution.capacity == .referent else {
                throw Rejection(.referentOnly, "an absence is declared by whoever is away, or by the référent-parcours")
            }
            let published = try work.recordedTerritory()
            if let event = try decide(published.state) {
                work.record(event, on: stream, expecting: .exactly(published.version), by: author)
            }
            return []
        }
    }
}
