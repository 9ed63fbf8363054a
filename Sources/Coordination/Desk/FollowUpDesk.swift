public import EventStore
public import Pathways
public import Timekeeping

/// What professionals do with their follow-ups: the service behind the pages, the API and the command line.
public struct FollowUpDesk: Sendable {
    public enum Action: Sendable, Hashable {
        case accept
        /// Takes from the queue of a team what the team was asked for; whoever takes it owns it.
        case claim(team: String)
        /// Says no, or gives back; the référent-parcours takes back what somebody else has.
        case decline(DeclineReason)
        /// Says no for all of a team.
        case declineForTeam(String, DeclineReason)
        /// `at` is when it was done.
        case complete(at: Instant, FollowUpOutcome, note: String?)
        case note(String)
        case acknowledgeWithdrawal
        /// The référent-parcours has it offered anew: the order is made again, and those who let an offer lapse are asked again.
        case solicitAgain

        fileprivate var team: String? {
            switch self {
            case .claim(let team), .declineForTeam(let team, _): team
            case .accept, .decline, .complete, .note, .acknowledgeWithdrawal, .solicitAgain: nil
            }
        }
    }

    private let coordinator: Coordinator

    public init(coordinator: Coordinator) { self.coordinator = coordinator }

    /// - Parameters:
    ///   - followUp: its id.
    ///   - pathway: the stream that it lives in.
    ///   - key: nil for a form without one: the decision is then idempotent by its own nature.
    /// - Throws: `Rejection` (not offered, taken by another, not of the team, closed…), `EventStoreError.commandKeyReused`.
    public func perform(
        _ action: Action,
        on followUp: String,
        in pathway: StreamID,
        by caller: Caller,
        key: RequestKey?
    ) async throws -> Coordinator.Outcome {
        let now = coordinator.time.now()
        let command = Self.command(action, on: followUp, by: caller.attribution, at: now)
        let author = Author(source: caller.urn, actor: caller.urn, occurredAt: now)
        return try await coordinator.performRecordingReuse(key?.command(for: caller), caller) { work in
            if let team = action.team { try Self.check(caller, isOf: team, in: try work.territory()) }
            try work.decide(command, on: pathway, by: author)
            return []
        }
    }

    private static func command(_ action: Action, on followUp: String, by: Attribution, at now: Instant) -> PathwayCommand {
        switch action {
        case .accept: .accept(followUp: followUp, by: by, at: now)
        case .claim(let team): .accept(followUp: followUp, by: by, at: now, team: team)
        case .decline(let reason): .decline(followUp: followUp, by: by, reason: reason)
        case .declineForTeam(let team, let reason): .decline(followUp: followUp, by: by, reason: reason, team: team)
        case .complete(let at, let outcome, let note): .complete(followUp: followUp, by: by, at: at, outcome: outcome, note: note)
        case .note(let text): .note(followUp: followUp, by: by, text: text)
        case .acknowledgeWithdrawal: .acknowledgeWithdrawal(followUp: followUp, by: by)
        case .solicitAgain: .solicitAgain(followUp: followUp, by: by, at: now)
        }
    }

    /// The directory of now counts: whoever left the team has no say for it any more.
    private static func check(_ caller: Caller, isOf team: String, in state: TerritoryState) throws(Rejection) {
        let members = state.territory?.teams.first { $0.id == team }?.members ?? []
        guard members.contains(where: { $0.value == caller.attribution.rpps }) else {
            throw Rejection(.notOfTheTeam, "only a member of the team, in the directory that is published, acts for it")
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

extension Rejection.Code {
    /// Acts for a team of which they are no member.
    public static let notOfTheTeam = Self(rawValue: "not-of-the-team")
}
