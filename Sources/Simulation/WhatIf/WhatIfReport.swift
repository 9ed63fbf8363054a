import Coordination
import EventStore
import Foundation
import Pathways
import Timekeeping

/// What would have come of a period under another protocol: an estimate, with what it rests on.
public struct WhatIfReport: Sendable, Hashable, Codable {
    /// The mean of the draws, and between what 95 % of them lie (percentiles 2.5 and 97.5).
    public struct Estimate: Sendable, Hashable, Codable {
        public let mean: Double
        public let low: Double
        public let high: Double

        public init(mean: Double, low: Double, high: Double) { (self.mean, self.low, self.high) = (mean, low, high) }
    }

    /// One figure: as it was, as it comes out under the protocols in force and under the changed one.
    public struct Measure: Sendable, Hashable, Codable {
        public let name: String
        /// What the log says: the nearer `inForce` is to it, the better the estimate is calibrated.
        public let history: Double
        public let inForce: Double
        public let changed: Double
        /// Changed less in force, draw by draw.
        public let difference: Estimate
    }

    public let protocolID: String
    public let protocolVersion: Int
    /// Nil if no protocol of this id was in force.
    public let versionInForce: Int?
    /// Rule by rule; empty for the protocol in force.
    public let change: [String]
    /// RFC 3339.
    public let from: String
    /// RFC 3339; the first instant after the period.
    public let to: String
    public let seed: UInt64
    public let draws: Int
    /// Made again from the log, byte for byte, and the events that they hold.
    public let decisions: Int
    public let events: Int
    /// Always 0: otherwise there is no report.
    public let differences: Int
    /// Decisions that weighed what an erased patient had counted, as they say themselves.
    public let weighedAsRecorded: Int
    /// Pathways of which something was erased, and decisions on them: neither made again nor estimated.
    public let pathwaysLeftOut: Int
    public let decisionsLeftOut: Int
    public let measures: [Measure]
    /// Follow-ups that are late under the protocols in force and not under the changed one, and the other way round.
    public let avoided: Estimate
    public let added: Estimate
    /// Acceptances by RPPS, the most changed first.
    public let loads: [Measure]
    public let assumptions: [String]

    init(_ options: WhatIfOptions, _ stage: Stage, _ made: Reproduction, _ changed: FollowUpProtocol, _ draws: [WhatIfDraw]) {
        let inForce = stage.published.state.protocols[changed.id]
        protocolID = changed.id
        protocolVersion = changed.version
        versionInForce = inForce?.version
        change = inForce == changed ? [] : ProtocolDifference(from: inForce, to: changed).lines
        from = stage.begin.rfc3339
        to = stage.end.rfc3339
        seed = options.seed
        self.draws = draws.count
        decisions = made.compared
        events = made.events
        differences = made.differences
        weighedAsRecorded = made.weighedAsRecorded
        pathwaysLeftOut = stage.history.erased.count { stream in
            (stage.history.positions[stream] ?? []).contains { stage.history[$0].type.hasPrefix("fr.relais.pathway.") }
        }
        decisionsLeftOut = made.leftOut
        let after = stage.facts.after
        let history = WhatIfOutcome(figures: after.figures, late: after.late(at: stage.end))
        measures = Self.figures.map { Self.measure($0, history, draws, $1) }
        avoided = Self.estimate(draws.map { Double($0.inForce.late.subtracting($0.changed.late).count) })
        added = Self.estimate(draws.map { Double($0.changed.late.subtracting($0.inForce.late).count) })
        loads = Self.loads(history, draws)
        assumptions = Self.assumptions
    }

    private static let figures: [(String, @Sendable (WhatIfOutcome) -> Double)] = [
        ("late visits", { Double($0.late.count) }),
        ("follow-ups planned", { Double($0.figures.planned) }),
        ("follow-ups done", { Double($0.figures.done) }),
        ("offers", { Double($0.figures.offers) }),
        ("withdrawal notices", { Double($0.figures.withdrawalNotices) }),
        ("escalation notices", { Double($0.figures.escalationNotices) }),
        ("messages sent", { Double($0.figures.messages) }),
        ("acceptances", { Double($0.figures.accepted) }),
        ("nobody left to ask", { Double($0.figures.nobodyLeft) }),
        ("median minutes to acceptance", { $0.figures.medianMinutes }),
    ]

    private static let assumptions = [
        "What comes from outside (hospitals, absences, refusals, reports, publications) happens as it did, whatever the protocol.",
        "Who is asked the same at the same instant answers as they did; anybody else as people of the role did at that time of day, "
            + "as they themselves did where 20 of their answers are known. A delay does not depend on the time that a protocol gives.",
        "An answer that never came because somebody was faster, or because the log ended, is taken to come later than that, or never.",
        "How long it takes from acceptance, or from the opening of the window, until it is done does not depend on the end of the window, "
            + "nor on notices to whoever has accepted it; what others do when they are told of a delay does depend on their being told.",
        "What was planned before the period keeps its plan, as it would after a publication; later publications of the protocol are left out.",
    ]

    private static func loads(_ history: WhatIfOutcome, _ draws: [WhatIfDraw]) -> [Measure] {
        var names = Set(history.figures.acceptances.keys)
        for outcome in draws.flatMap({ [$0.inForce, $0.changed] }) { names.formUnion(outcome.figures.acceptances.keys) }
        return names.sorted()
            .map { rpps in measure(rpps, history, draws) { Double($0.figures.acceptances[rpps] ?? 0) } }
            .sorted { (abs($1.difference.mean), $0.name) < (abs($0.difference.mean), $1.name) }
    }

    private static func measure(
        _ name: String,
        _ history: WhatIfOutcome,
        _ draws: [WhatIfDraw],
        _ figure: (WhatIfOutcome) -> Double
    ) -> Measure {
        Measure(
            name: name,
            history: rounded(figure(history)),
            inForce: estimate(draws.map { figure($0.inForce) }).mean,
            changed: estimate(draws.map { figure($0.changed) }).mean,
            difference: estimate(draws.map { figure($0.changed) - figure($0.inForce) })
        )
    }

    private static func estimate(_ values: [Double]) -> Estimate {
        let sorted = values.sorted()
        guard !sorted.isEmpty else { return Estimate(mean: 0, low: 0, high: 0) }
        func percentile(_ share: Double) -> Double {
            let place = share * Double(sorted.count - 1)
            let low = Int(place)
            let high = min(low + 1, sorted.count - 1)
            return sorted[low] + (sorted[high] - sorted[low]) * (place - Double(low))
        }
        let mean = sorted.reduce(0, +) / Double(sorted.count)
        return Estimate(mean: rounded(mean), low: rounded(percentile(0.025)), high: rounded(percentile(0.975)))
    }

    /// To a tenth: more would say what is not known. Never minus zero.
    private static func rounded(_ value: Double) -> Double { (value * 10).rounded() / 10 + 0 }

    /// With sorted keys.
    public func json() throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(self), as: UTF8.self)
    }
}
