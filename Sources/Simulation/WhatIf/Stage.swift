import Coordination
import EventStore
import Foundation
import Pathways
import Timekeeping

/// What all runs of a period have in common.
struct Stage {
    let history: History
    /// The last position that all runs share.
    let fork: Int64
    let begin: Instant
    let end: Instant
    let facts: PeriodFacts
    let pace: Pace
    /// What is in force at the fork, and once the changed protocol is.
    let published: Recorded<TerritoryState>
    let publishedAfter: Recorded<TerritoryState>
    let publication: (StreamID, NewEvent)
    /// Of the pathways that are known at the fork.
    let timers: [PathwayTimer]

    /// - Parameters:
    ///   - period: what runs tell anew.
    ///   - decisions: that history made in it.
    ///   - begin: when the changed protocol is put in force; nil = with the last event before the period.
    ///   - end: the first instant that is told no more.
    /// - Throws: `CoordinationError`, `EventStoreError`, `FileErrors`.
    init(
        _ history: History,
        _ period: ClosedRange<Int64>,
        _ decisions: [Decision],
        from begin: Instant?,
        to end: Instant,
        protocol yaml: String
    ) throws {
        self.history = history
        fork = period.lowerBound - 1
        let last = fork > 0 ? history[fork].recordedAt : history[1].recordedAt
        let begin = max(last, begin ?? last)
        self.begin = begin
        self.end = end
        pace = Pace(history, decisions)
        facts = PeriodFacts(history, in: period, reactions: pace.reactions)
        let view = DecisionView(history, at: fork)
        published = try view.published()
        let changed = try ProtocolFile.parse(yaml: yaml, file: "protocol")
        let event = ProtocolPublished(protocolID: changed.id, version: changed.version, digest: Hash256.of(Array(yaml.utf8)).hex, content: yaml)
        var after = published
        try after.state.evolve(with: event)
        after.version += 1
        publishedAfter = after
        let chance = SharedChance(SplitMix64(state: 1))
        let ids = EventIDGenerator(time: .fixed(begin)) { chance.next() }
        publication = (
            history.streams.territory,
            NewEvent(id: ids.next(), type: ProtocolPublished.type, source: "urn:relais:what-if", time: begin, payload: event.payload)
        )
        timers = try Self.timers(history, fork, view, published.state)
    }

    private static func timers(_ history: History, _ fork: Int64, _ view: DecisionView, _ published: TerritoryState) throws -> [PathwayTimer] {
        guard fork > 0, let name = published.territory?.timeZone, let zone = TimeZone(identifier: name) else { return [] }
        let streams = Set(history.events.prefix(Int(fork)).lazy.filter { $0.type.hasPrefix("fr.relais.pathway.") }.map(\.stream))
        return try streams.subtracting(history.erased).sorted().compactMap { stream in
            let pathway = try view.pathway(stream)
            guard pathway.state.reference != nil, let due = pathway.state.nextDeadline(under: published.protocols, in: zone)?.at else { return nil }
            return PathwayTimer(stream: stream, due: due, version: pathway.version)
        }
    }
}
