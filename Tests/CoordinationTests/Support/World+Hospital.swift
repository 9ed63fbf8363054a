import Coordination
import EventStore
import Pathways
import TestSupport
import Timekeeping

extension World {
    // MARK: - What a hospital states

    func movement(_ id: String, _ instant: Instant, unit: String? = "MEDE", declared: [DeclaredProfessional] = []) -> Movement {
        Movement(
            id: MovementID(authority: "CHT", value: id),
            effectiveAt: instant,
            unit: unit.map { MedicalUnitReference(code: $0, authority: "CHT") },
            declared: declared,
            statement: statement(id)
        )
    }

    func statement(_ control: String) -> Statement {
        Statement(recordedAt: Self.start, sentAt: Self.start, controlID: control, digest: "0000000000000000")
    }

    func reference(_ visit: String, patient: String? = nil) -> PathwayReference {
        Self.streams.reference(
            visit: LocalIdentifier(authority: "CHT", value: visit),
            patient: LocalIdentifier(authority: "CHT", value: patient ?? "P-\(visit)")
        )
    }

    func report(_ report: VisitReport, of visit: String = "V1", by coordinator: Coordinator? = nil) async throws {
        let reference = reference(visit)
        _ = try await (coordinator ?? self.coordinator).perform(nil) { work in
            try work.decide(.report(report, reference), on: pathway(visit), by: author)
            return []
        }
    }

    /// The patient's identity, then the movement `<visit>-in` two days before `start`.
    func admit(
        _ visit: String = "V1",
        unit: String? = "MEDE",
        address: PatientAddress? = World.challans,
        declared: [DeclaredProfessional] = []
    ) async throws {
        let identifier = LocalIdentifier(authority: "CHT", value: "P-\(visit)")
        let identity = PatientIdentity(identifier: identifier, birthFamilyName: "ESSAI", givenName: "Louise", address: address)
        _ = try await coordinator.perform(nil) { work in
            let patient = Self.streams.patient(identifier)
            try work.identify(PatientIdentified(identity: identity, statement: statement("\(visit)-in")), on: patient, by: author)
            return []
        }
        try await report(.movement(.admission, movement("\(visit)-in", Self.start.adding(days: -2), unit: unit, declared: declared), nil), of: visit)
    }

    /// The movement `<visit>-out` at `start`.
    func discharge(
        _ visit: String = "V1",
        to destination: DischargeDestination = .home,
        unit: String? = "MEDE",
        by coordinator: Coordinator? = nil
    ) async throws {
        let out = movement("\(visit)-out", Self.start, unit: unit)
        try await report(.movement(.discharge, out, DischargeMode(destination: destination)), of: visit, by: coordinator)
    }

    /// Takes back a movement: A13 for a discharge, A11 for an admission.
    func cancel(_ kind: MovementKind, _ id: String, of visit: String = "V1") async throws {
        try await report(.cancellation(MovementID(authority: "CHT", value: id), kind, statement("cancel-\(id)")), of: visit)
    }

    /// Admitted, discharged home and planned.
    func returnHome(
        _ visit: String = "V1",
        unit: String? = "MEDE",
        address: PatientAddress? = World.challans,
        declared: [DeclaredProfessional] = []
    ) async throws {
        try await admit(visit, unit: unit, address: address, declared: declared)
        try await discharge(visit, unit: unit)
        try await plan()
    }

    // MARK: - What professionals do

    @discardableResult
    func act(
        _ action: FollowUpDesk.Action,
        on followUp: FollowUp,
        of visit: String = "V1",
        by rpps: String,
        with coordinator: Coordinator? = nil
    ) async throws -> Coordinator.Outcome {
        try await FollowUpDesk(coordinator: coordinator ?? self.coordinator)
            .perform(action, on: followUp.id, in: pathway(visit), by: try caller(rpps), key: nil)
    }

    /// A body that this version cannot read, in a pathway's stream.
    func spoil(_ visit: String, type: String = FollowUpNoted.type) async throws {
        let event = NewEvent(
            id: coordinator.ids.next(),
            type: type,
            source: "urn:relais:test",
            time: clock.now,
            payload: Array("{".utf8)
        )
        _ = try await log.append(AppendRequest(writes: [StreamWrite(stream: pathway(visit), expected: .any, events: [event])]))
    }
}
