import EventStore
import Pathways
import Synchronization

/// Ids of follow-ups made lately: the planner asks for the same ones at each look at a pathway, and each is an HMAC. Bounded, in two
/// generations.
final class FollowUpNames: Sendable {
    struct Subject: Sendable, Hashable {
        let pathway: StreamID
        let rule: RuleReference
        let movement: MovementID
    }

    private struct Generations {
        var young: [Subject: String] = [:]
        var old: [Subject: String] = [:]
    }

    private static let capacity = 16_384
    private let generations = Mutex(Generations())

    func name(of subject: Subject, make: () -> String) -> String {
        generations.withLock { generations in
            if let found = generations.young[subject] { return found }
            let name = generations.old[subject] ?? make()
            if generations.young.count >= Self.capacity {
                generations.old = generations.young
                generations.young = [:]
            }
            generations.young[subject] = name
            return name
        }
    }
}
