import Pathways

/// Which events of a story an item is there because of: those without which it would not be there, or not as it is.
///
/// Found by taking events away, one by one, and folding what is left: what a fold does not need is no cause, whatever it looks like.
enum Causes {
    /// - Parameter item: what the whole story gives.
    static func find(_ item: ExplainedItem, from standpoint: Standpoint, in story: [ToldEvent]) -> [ToldEvent] {
        let candidates = candidates(for: item, in: story)
        func gives(_ events: [ToldEvent]) -> Bool { ItemFold(item.followUp, from: standpoint, folding: events).item == item }
        func without(_ index: Int, _ events: [ToldEvent]) -> [ToldEvent] { Array(events[..<index] + events[(index + 1)...]) }

        let necessary = candidates.indices.filter { !gives(without($0, candidates)) }.map { candidates[$0] }
        if gives(necessary) { return necessary }
        // Two events each of which would do: the later one is told. Taken away from the front as long as the rest gives the same.
        var left = candidates
        for candidate in candidates where !necessary.contains(candidate) {
            guard let index = left.firstIndex(of: candidate) else { continue }
            let fewer = without(index, left)
            if gives(fewer) { left = fewer }
        }
        return left
    }

    /// The events that can matter at all: those that name the follow-up, and those that say what it hangs on. Of the escalations only the last
    /// one does.
    private static func candidates(for item: ExplainedItem, in story: [ToldEvent]) -> [ToldEvent] {
        let (id, plan) = (item.followUp, item.plan)
        let lastEscalation = story.last { if case .followUpEscalated(let body) = $0.event { body.followUp == id } else { false } }
        return story.filter { told in
            if case .followUpEscalated = told.event { return told == lastEscalation }
            if told.event.narrowed(to: id) != nil { return true }
            if let report = told.event.report { return plan.movement == .report(report) }
            // Where the visit stands decides when a discharge is expected.
            if plan.trigger == .dischargePlanned { return told.event.isOfVisit }
            return told.event.movementID == plan.movement
        }
    }
}
