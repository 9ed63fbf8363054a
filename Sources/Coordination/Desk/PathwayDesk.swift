public import EventStore
public import Pathways
public import Timekeeping

/// What people say of a pathway as a whole: alert signs, prescriptions, PRADO, refusal, its end.
public struct PathwayDesk: Sendable {
    public enum Step: Sendable, Hashable {
        /// A sign that the protocol watches for. `at` is when it was seen, `called` whom the reporter has called already.
        case reportAlert(AlertSign, at: Instant, followUp: String?, called: [EmergencyContact], note: String?)
        /// `at` is when it was noticed; `followUp` is what it holds up.
        case reportPrescriptionMissing(at: Instant, followUp: String?, note: String?)
        /// `report` is what reporting it missing was answered with.
        case obtainPrescription(report: String, at: Instant)
        /// `at` is when the patient agreed.
        case enrolInPrado(at: Instant)
        case leavePrado(at: Instant)
        /// `at` is when the patient said so; no follow-ups means all, those to come included.
        case refuseCare(followUps: [String], at: Instant)
        case takeBackRefusal(at: Instant)
        case close(ClosingReason)
        case reopen
    }

    private let coordinator: Coordinator

    public init(coordinator: Coordinator) { self.coordinator = coordinator }

    /// - Returns: with an answer for the two reports: the id of the report, in UTF-8; the same when the request is repeated.
    /// - Throws: `Rejection` (unknown pathway, not the référent-parcours, still pending…), `EventStoreError.commandKeyReused`.
    public func perform(_ step: Step, on pathway: StreamID, by caller: Caller, key: RequestKey) async throws -> Coordinator.Outcome {
        let now = coordinator.time.now()
        let author = Author(source: caller.urn, actor: caller.urn, occurredAt: now)
        let report = coordinator.ids.next().description
        let command = Self.command(step, by: caller.attribution, at: now, report: report)
        return try await coordinator.performRecordingReuse(key.command(for: caller), caller) { work in
            try work.decide(command, on: pathway, by: author)
            return step.isReport ? Array(report.utf8) : []
        }
    }

    private static func command(_ step: Step, by: Attribution, at now: Instant, report: String) -> PathwayCommand {
        switch step {
        case .reportAlert(let sign, let at, let followUp, let called, let note):
            let contacts = called.map(\.rawValue)
            return .reportAlert(AlertSignReported(report: report, at: at, by: by, sign: sign, followUp: followUp, called: contacts, note: note))
        case .reportPrescriptionMissing(let at, let followUp, let note):
            return .reportPrescriptionMissing(PrescriptionMissing(report: report, at: at, by: by, followUp: followUp, note: note))
        case .obtainPrescription(let report, let at): return .obtainPrescription(report: report, by: by, at: at)
        case .enrolInPrado(let at): return .enrolInPrado(by: by, at: at)
        case .leavePrado(let at): return .leavePrado(by: by, at: at)
        case .refuseCare(let followUps, let at): return .refuseCare(followUps: followUps, by: by, at: at)
        case .takeBackRefusal(let at): return .takeBackRefusal(by: by, at: at)
        case .close(let reason): return .close(reason, by: by, at: now)
        case .reopen: return .reopen(by: by, at: now)
        }
    }
}

extension PathwayDesk.Step {
    fileprivate var isReport: Bool {
        switch self {
        case .reportAlert, .reportPrescriptionMissing: true
        case .obtainPrescription, .enrolInPrado, .leavePrado, .refuseCare, .takeBackRefusal, .close, .reopen: false
        }
    }
}
