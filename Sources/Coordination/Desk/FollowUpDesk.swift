public import EventStore
public import Pathways
public import Timekeeping

/// What professionals do with their follow-ups: the service behind the pages, the API and the command line.
public struct FollowUpDesk: Sendable {
    public enum Action: Sendable, Hashable {
        case accept
        case decline(DeclineReason)
        /// `at` is when it was done.
        case complete(at: Instant, FollowUpOutcome, note: String?)
        case note(String)
        case acknowledgeWithdrawal
    }

    private let coordinator: Coordinator

    public init(coordinator: Coordinator) { self.coordinator = coordinator }

    /// - Parameters:
    ///   - followUp: its id.
    ///   - pathway: the stream that it lives in.
    ///   - key: nil for a form without one: the decision is then idempotent by its own nature.
    /// - Throws: `Rejection` (not offered, taken by another, closed…), `EventStoreError.commandKeyReused`.
    public func perform(
        _ action: Action,
        on followUp: String,
        in pathway: StreamID,
        by caller: Caller,
        key: RequestKey?
    ) async throws -> Coordinator.Outcome {
        let now = coordinator.time.now()
        let by = caller.attribution
        let command: PathwayCommand =
            switch action {
            case .accept: .accept(followUp: followUp, by: by, at: now)
            case .decline(let reason): .decline(followUp: followUp, by: by, reason: reason)
            case .complete(let at, let outcome, let note): .complete(followUp: followUp, by: by, at: at, outcome: outcome, note: note)
            case .note(let text): .note(followUp: followUp, by: by, text: text)
            case .acknowledgeWithdrawal: .acknowledgeWithdrawal(followUp: followUp, by: by)
            }
        let author = Author(source: caller.urn, actor: caller.urn, occurredAt: now)
        return try await coordinator.performRecordingReuse(key?.command(for: caller), caller) { work in
            try work.decide(command, on: pathway, by: author)
            return []
        }
    }

    /// Applies a protocol to a pathway.
    public func apply(protocol id: String, to pathway: StreamID, by caller: Caller, key: RequestKey?) async throws -> Coordinator.Outcome {
        let author = Author(source: caller.urn, actor: caller.urn, occurredAt: coordinator.time.now())
        return try await coordinator.performRecordingReuse(key?.command(for: caller), caller) { work in
            try work.decide(.applyProtocol(id, by: caller.attribution), on: pathway, by: author)
            return []
        }
    }
}
