import Foundation
import Timekeeping

/// What came of a run.
public struct SimulationReport: Sendable, Hashable, Codable {
    /// How long it took until somebody accepted, in minutes since the follow-up was planned.
    public struct Delay: Sendable, Hashable, Codable {
        public let median: Int
        /// Nine of ten come sooner.
        public let p90: Int
    }

    /// How many follow-ups professionals accepted.
    public struct Load: Sendable, Hashable, Codable {
        public let rpps: String
        public let accepted: Int
    }

    public let seed: UInt64
    public let days: Int
    public let inhabitants: Int
    public let steps: Int
    /// Recorded in the log.
    public let events: Int64
    /// Written by the hospitals; each arrived once at least.
    public let messages: Int
    /// Frames that came again and were recognised.
    public let repetitions: Int
    public let followUps: Int
    public let offers: Int
    public let acceptances: Int
    public let declined: Int
    public let lapsed: Int
    public let givenBack: Int
    /// Times at which nobody was left to ask, and the référent-parcours was left with it.
    public let nobodyLeft: Int
    public let completed: Int
    /// Of ``completed``, after the end of their window.
    public let completedLate: Int
    /// Pending at the end, and late then.
    public let lateAtEnd: Int
    public let withdrawn: Int
    public let held: Int
    public let escalations: Int
    /// Times at which the process was started again.
    public let restarts: Int
    /// Nil if nobody accepted anything.
    public let timeToAcceptance: Delay?
    /// The heaviest first.
    public let loads: [Load]
    /// How often the coordinator refused what people wanted, by reason.
    public let refusals: [String: Int]
    /// Of the log's Merkle tree, in hexadecimal: the same for the same options in memory. A data directory has keys of its own.
    public let rootHash: String

    init(_ options: SimulationOptions, _ tally: Tally, _ board: Board, at instant: Instant, rootHash: String) {
        seed = options.seed
        days = options.days
        inhabitants = options.inhabitants
        steps = tally.steps
        events = tally.events
        messages = tally.messages
        repetitions = tally.repetitions
        followUps = tally.planned
        offers = tally.offers
        acceptances = tally.acceptances
        declined = tally.declined
        lapsed = tally.lapsed
        givenBack = tally.givenBack
        nobodyLeft = tally.nobodyLeft
        completed = tally.completed
        completedLate = tally.completedLate
        lateAtEnd = board.items.values.count { $0.isLate(at: instant) }
        withdrawn = tally.withdrawn
        held = tally.held
        escalations = tally.escalations
        restarts = tally.restarts
        let delays = tally.minutesToAcceptance.sorted()
        timeToAcceptance =
            delays.isEmpty ? nil : Delay(median: Int(delays[delays.count / 2]), p90: Int(delays[min(delays.count - 1, delays.count * 9 / 10)]))
        loads = tally.loads.map { Load(rpps: $0.key, accepted: $0.value) }.sorted { ($1.accepted, $0.rpps) < ($0.accepted, $1.rpps) }
        refusals = tally.refusals
        self.rootHash = rootHash
    }

    /// With sorted keys.
    public func json() throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(self), as: UTF8.self)
    }

    /// A line for each figure.
    public var text: String {
        let delay = timeToAcceptance.map { "median \($0.median) min, nine of ten within \($0.p90) min" } ?? "nobody accepted anything"
        let heaviest = loads.prefix(3).map { "\($0.rpps): \($0.accepted)" }.joined(separator: ", ")
        return """
            seed             \(seed)
            days             \(days) (\(inhabitants) inhabitants)
            events           \(events)
            messages         \(messages), \(repetitions) repetitions recognised
            follow-ups       \(followUps) planned, \(completed) done (\(completedLate) late), \(withdrawn) withdrawn, \(held) put on hold
            offers           \(offers): \(acceptances) accepted, \(declined) declined, \(lapsed) lapsed, \(givenBack) given back
            to acceptance    \(delay)
            nobody left      \(nobodyLeft)
            escalations      \(escalations)
            late at the end  \(lateAtEnd)
            load             \(loads.count) professionals; heaviest \(heaviest.isEmpty ? "none" : heaviest)
            restarts         \(restarts)
            root hash        \(rootHash)
            """
    }
}
