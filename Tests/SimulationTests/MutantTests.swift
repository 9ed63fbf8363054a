import EventStore
import Pathways
import Simulation
import Testing

/// The checker itself is tried: each coordinator here is wrong in one way, and must be found out within a few worlds.
@Suite("Mutants")
struct MutantTests {
    enum Mutant: String, CaseIterable, Sendable, CustomTestStringConvertible {
        case plannerDropsLapses
        case acceptanceDoesNotSupersede
        case schedulerSkipsEscalations
        case repetitionAppends
        case withdrawalTellsNobody
        case cancelledDischargeStands

        var testDescription: String { rawValue }

        /// What catches it.
        var invariant: String {
            switch self {
            case .repetitionAppends: "I4"
            case .cancelledDischargeStands: "I5"
            case .plannerDropsLapses, .acceptanceDoesNotSupersede, .schedulerSkipsEscalations, .withdrawalTellsNobody: "I7"
            }
        }

        @Sendable func change(_ request: AppendRequest) -> AppendRequest {
            switch self {
            case .plannerDropsLapses: request.mapping { $0.events.filter { $0.type != OffersLapsed.type } }
            case .schedulerSkipsEscalations: request.mapping { $0.events.filter { $0.type != FollowUpEscalated.type } }
            case .cancelledDischargeStands: request.mapping { $0.events.filter { $0.type != MovementCancelled.type } }
            case .acceptanceDoesNotSupersede: request.mapping { $0.events.flatMap(Self.acceptedByTwo) }
            case .withdrawalTellsNobody: request.mapping { $0.events.map(Self.untold) }
            case .repetitionAppends: Self.withoutKey(request)
            }
        }

        /// Another acceptance is let through behind the first.
        private static func acceptedByTwo(_ event: NewEvent) -> [NewEvent] {
            guard event.type == FollowUpAccepted.type, let body = try? FollowUpAccepted(payload: event.payload) else { return [event] }
            var bytes = event.id.bytes
            bytes[15] ^= 1
            guard let id = EventID(bytes: bytes) else { return [event] }
            var second = event
            second.id = id
            let other = Attribution(rpps: "99999000013", capacity: .referent)
            second.payload = FollowUpAccepted(followUp: body.followUp, at: body.at, by: other).payload
            return [event, second]
        }

        private static func untold(_ event: NewEvent) -> NewEvent {
            guard event.type == FollowUpsWithdrawn.type, let body = try? FollowUpsWithdrawn(payload: event.payload) else { return event }
            var silent = event
            silent.payload =
                FollowUpsWithdrawn(
                    withdrawals: body.withdrawals.map { .init(followUp: $0.followUp, reason: $0.reason, told: []) }
                )
                .payload
            return silent
        }

        /// A message that comes again is not recognised.
        private static func withoutKey(_ request: AppendRequest) -> AppendRequest {
            guard request.writes.contains(where: { $0.events.contains { $0.type == MessageReceived.type } }) else { return request }
            var request = request
            request.command = nil
            return request
        }
    }

    @Test("A wrong coordinator is found out", arguments: Mutant.allCases)
    func caught(_ mutant: Mutant) async throws {
        var found: [String] = []
        for seed in 1...12 as ClosedRange<UInt64> {
            var options = Seeds.options(seed)
            options.tamper = { TamperedLog(base: $0, change: mutant.change) }
            do {
                _ = try await Simulation.run(options)
            } catch let failure as SimulationFailure {
                found.append(failure.violation.invariant)
                break
            }
        }
        #expect(found == [mutant.invariant], "\(mutant.rawValue) went unnoticed in 12 worlds, or was taken for something else")
    }
}
