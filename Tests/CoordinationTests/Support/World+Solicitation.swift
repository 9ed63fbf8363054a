import Coordination
import EventStore
import Pathways
import Timekeeping

extension World {
    /// The published order among people of equal loads, computed apart from the directory's own code.
    func published(_ followUp: FollowUp, among addressees: [String]) -> [String] {
        addressees.map { who in
            var hash: UInt64 = 0xCBF2_9CE4_8422_2325
            for byte in Array(followUp.id.utf8) + Array(who.utf8) { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
            hash = (hash ^ (hash >> 33)) &* 0xFF51_AFD7_ED55_8CCD
            hash = (hash ^ (hash >> 33)) &* 0xC4CE_B9FE_1A85_EC53
            return (hash ^ (hash >> 33), who)
        }
        .sorted { $0 < $1 }
        .map(\.1)
    }

    /// Whom the planner asked for a follow-up, wave by wave, nobody included.
    func waves(of followUp: FollowUp, in visit: String = "V1") throws -> [[String]] {
        try events(visit).compactMap { if case .offersMade(let body) = $0 { body } else { nil } }
            .flatMap(\.solicitations)
            .filter { $0.followUp == followUp.id }
            .map(\.to)
    }

    /// What is recorded of the passing of time, in the order of the log: what, when, and which one.
    func passed(_ visit: String = "V1") throws -> [Passed] {
        try events(visit).compactMap { event in
            switch event {
            case .offersLapsed(let body): Passed(what: "lapsed", at: body.at, number: body.wave)
            case .followUpEscalated(let body): Passed(what: "escalated", at: body.at, number: body.step)
            case .pathwayClosed(let body): Passed(what: "closed", at: body.at, number: 0)
            default: nil
            }
        }
    }

    struct Passed: Hashable {
        let what: String
        let at: Instant
        let number: Int
    }

    // MARK: - Several stays of one person

    /// A report of a patient who may have several visits, as the intake takes it in.
    func report(_ report: VisitReport, of visit: String, patient: String) async throws {
        _ = try await coordinator.perform(nil) { work in
            try work.report(report, reference(visit, patient: patient), account: nil, by: author)
            return []
        }
    }

    /// - Parameter declaredNurse: RPPS.
    func admit(_ visit: String, patient: String, at instant: Instant, declaredNurse: String? = nil) async throws {
        let identifier = LocalIdentifier(authority: "CHT", value: patient)
        let identity = PatientIdentity(identifier: identifier, birthFamilyName: "ESSAI", givenName: "Louise", address: Self.challans)
        _ = try await coordinator.perform(nil) { work in
            let stream = Self.streams.patient(identifier)
            try work.identify(PatientIdentified(identity: identity, statement: statement("\(visit)-in")), on: stream, by: author)
            return []
        }
        let declared = declaredNurse.map { [DeclaredProfessional(role: .nurse, rpps: $0)] } ?? []
        try await report(.movement(.admission, movement("\(visit)-in", instant, declared: declared), nil), of: visit, patient: patient)
    }

    func discharge(_ visit: String, patient: String, at instant: Instant, to destination: DischargeDestination = .home) async throws {
        let out = movement("\(visit)-out", instant)
        try await report(.movement(.discharge, out, DischargeMode(destination: destination)), of: visit, patient: patient)
    }
}
