public import Coordination
public import EventStore
import Pathways
import Timekeeping

/// What would have come of a period of a real log under another protocol.
///
/// First the planner's decisions of the period are made again from the log, by the same code: only a machine that tells what happened,
/// to the byte, may tell what would have. Then the period is run again, under the protocols in force and under the changed one, with people's
/// answers as they were where they were asked the same, and drawn from those of history where they were not.
public struct WhatIf {
    /// What is being done, and how much of how much is over.
    public typealias Progress = (_ doing: String, _ done: Int64, _ all: Int64) -> Void

    private let log: any EventReader
    private let sealer: any PayloadSealer
    private let streams: StreamNames

    /// - Parameters:
    ///   - log: only read.
    ///   - sealer: opens its events.
    ///   - streams: under the key of its territory.
    public init(log: any EventReader, sealer: any PayloadSealer, streams: StreamNames) {
        self.log = log
        self.sealer = sealer
        self.streams = streams
    }

    /// - Parameter progress: called now and then.
    /// - Returns: the estimate.
    /// - Throws: ``WhatIfRefusal``; `FileErrors` with every fault of the protocol; `CoordinationError.unreadable`, `EventStoreError` if the log
    ///   cannot be read.
    public func run(_ options: WhatIfOptions, progress: Progress = { _, _, _ in }) async throws -> WhatIfReport {
        let changed = try ProtocolFile.parse(yaml: options.yaml, file: options.file)
        guard options.draws > 0 else { throw WhatIfRefusal(reason: .noDraws) }
        let history = try History(reading: log, sealer: sealer, streams: streams)
        let period = try Self.period(of: history, options)
        let made = try await Reproduction(of: history, in: period) { done, all in progress("making decisions again", done, all) }
        if let first = made.first {
            throw WhatIfRefusal(reason: .differences(count: made.differences, decisions: made.compared, first: first))
        }
        let end = options.to ?? history[period.upperBound].recordedAt.adding(milliseconds: 1)
        let stage = try Stage(history, period, made.decisions, from: options.from, to: end, protocol: options.yaml)
        guard stage.published.state.territory != nil else { throw WhatIfRefusal(reason: .noTerritory) }
        var draws: [WhatIfDraw] = []
        var seeds = SplitMix64(state: options.seed)
        for number in 0..<options.draws {
            progress("drawing", Int64(number), Int64(options.draws))
            let seed = seeds.next()
            // Common random numbers: what differs between the two is the protocol's doing.
            let inForce = try await Rerun(stage, seed: seed, changed: nil).run()
            draws.append(WhatIfDraw(inForce: inForce, changed: try await Rerun(stage, seed: seed, changed: changed.id).run()))
        }
        return WhatIfReport(options, stage, made, changed, draws)
    }

    /// Makes the decisions of a log again, and compares: what ``run(_:progress:)`` does first.
    ///
    /// - Throws: as ``run(_:progress:)``, but for differences.
    package func reproduction() async throws -> (decisions: Int, events: Int, differences: Int, first: WhatIfDifference?) {
        let history = try History(reading: log, sealer: sealer, streams: streams)
        let made = try await Reproduction(of: history, in: 1...max(history.head, 1))
        return (made.compared, made.events, made.differences, made.first)
    }

    /// What was published before anything happened is given in any case.
    private static func period(of history: History, _ options: WhatIfOptions) throws -> ClosedRange<Int64> {
        let published: Set<String> = [TerritoryPublished.type, ProtocolPublished.type, SiteProfilePublished.type]
        var first = options.from.map { history.position(before: $0) + 1 } ?? 1
        let beginning = Int64(history.events.prefix { published.contains($0.type) }.count) + 1
        first = max(first, beginning)
        let last = options.to.map { history.position(before: $0) } ?? history.head
        guard first <= last else { throw WhatIfRefusal(reason: .emptyPeriod) }
        return first...last
    }
}

/// One draw: the same people under both protocols.
struct WhatIfDraw: Sendable {
    let inForce: WhatIfOutcome
    let changed: WhatIfOutcome
}
