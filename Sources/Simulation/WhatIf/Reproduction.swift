import Coordination
import EventStore
import Pathways
import Timekeeping

/// Makes the planner's decisions of a period again, each from the log as it stood just before, and compares what comes of it with what history
/// has. What comes from outside (hospitals, people, publications) is taken as it is.
///
/// What a run left out shows at the next one on the same pathway: the planner brings a pathway in line with all that is known, whatever
/// it did before. Of pathways on which no other run followed, those are looked at that the planner has certainly passed.
struct Reproduction {
    private(set) var decisions: [Decision] = []
    /// How many were compared, and how many events they hold.
    private(set) var compared = 0
    private(set) var events = 0
    /// Of pathways of which something was erased: neither compared nor estimated.
    private(set) var leftOut = 0
    /// How many could only be made again with the loads that they say they weighed: what an erased patient had counted is not known any more.
    private(set) var weighedAsRecorded = 0
    private(set) var differences = 0
    private(set) var first: WhatIfDifference?

    private let history: History
    private var loads: PastLoads
    private var view: DecisionView
    private let causes: [EventID: Int64]

    /// How far back a decision that ran beside others may have looked.
    private static let race: Int64 = 24

    /// - Throws: `EventStoreError`, `CoordinationError`.
    init(of history: History, in period: ClosedRange<Int64>, progress: (Int64, Int64) -> Void = { _, _ in }) async throws {
        self.history = history
        let runs = PlannerRun.runs(of: history, in: period)
        var named: Set<EventID> = []
        var weighed: Set<Int64> = []
        for run in runs {
            if let cause = run.cause { named.insert(cause) }
            for position in run.positions { if let counted = Self.loadPosition(history, position) { weighed.insert(counted) } }
        }
        causes = history.events.reduce(into: [:]) { if named.contains($1.id) { $0[$1.id] = $1.position } }
        loads = PastLoads(history, at: weighed)
        view = DecisionView(history, at: period.lowerBound - 1)
        for run in runs {
            try await take(run)
            loads.forget(before: run.positions.lowerBound - 4_096)
            progress(run.positions.upperBound, period.upperBound)
        }
        try await lookForOmissions(in: period)
    }

    private mutating func take(_ run: PlannerRun) async throws {
        if run.positions.contains(where: { history.erased.contains(history[$0].stream) }) {
            leftOut += 1
            decisions.append(Decision(positions: run.positions, cause: run.cause, now: history[run.positions.lowerBound].recordedAt))
            return
        }
        var next = run.positions.lowerBound
        while next <= run.positions.upperBound {
            let rest = next...run.positions.upperBound
            compared += 1
            guard let made = try await make(rest, run.cause) else { return }
            events += made.positions.count
            decisions.append(made)
            next = made.positions.upperBound + 1
        }
    }

    // MARK: - One decision

    /// - Returns: the decision that the first of these events belong to; nil if it comes out otherwise, whatever it may have seen.
    private mutating func make(_ rest: ClosedRange<Int64>, _ cause: EventID?) async throws -> Decision? {
        view.log.advance(to: rest.lowerBound - 1)
        let counted = rest.lazy.compactMap { [history] in Self.loadPosition(history, $0) }.first
        let weighed = try counted.map { try loads.loads(at: $0) } ?? Loads()
        let own = try await attempts(rest, cause, in: view, weighing: weighed)
        if let made = own.made { return made }
        if !history.erased.isEmpty, let counted {
            let recorded = Loads(position: counted, counts: recordedLoads(rest))
            if let made = try await attempts(rest, cause, in: view, weighing: recorded).made {
                weighedAsRecorded += 1
                return made
            }
        }
        // A log that is refused anyway is not searched any longer.
        for position in differences < 8 ? earlier(rest, cause, counted) : [] {
            let past = DecisionView(history, at: position)
            if try past.published().version == view.published().version { past.know(try view.published()) }
            if let made = try await attempts(rest, cause, in: past, weighing: weighed).made { return made }
        }
        differences += 1
        if first == nil { first = own.difference }
        return nil
    }

    /// Where a decision may have looked that ran beside others: between its cause and its append, as long as its own streams stood where they
    /// did. The log refuses a decision on anything older.
    private func earlier(_ rest: ClosedRange<Int64>, _ cause: EventID?, _ counted: Int64?) -> [Int64] {
        let own = Set(rest.map { history[$0].stream })
        let end = rest.lowerBound - 1
        let begin = max(cause.flatMap { causes[$0] } ?? 0, end - Self.race, 1)
        guard begin < end else { return [] }
        var found = Array((begin..<end).reversed().prefix { !own.contains(history[$0 + 1].stream) })
        if let counted, counted < end, let place = found.firstIndex(of: counted) { found.insert(found.remove(at: place), at: 0) }
        return found
    }

    private func attempts(
        _ rest: ClosedRange<Int64>,
        _ cause: EventID?,
        in view: DecisionView,
        weighing loads: Loads
    ) async throws -> (made: Decision?, difference: WhatIfDifference?) {
        var difference: WhatIfDifference?
        for instant in PlannerRun.instants(of: history, in: rest) {
            for stream in streams(rest, cause) {
                let proposed: [ProposedEvent]
                do {
                    if let cause, !isOfAll(cause) {
                        guard let position = causes[cause] else { return (nil, problem(rest.lowerBound, "its cause is not in the log")) }
                        proposed = try await view.decision(causedBy: history[position], at: instant, weighing: loads)
                    } else {
                        proposed = try await view.decision(on: stream, causedBy: cause, at: instant, weighing: loads)
                    }
                } catch let error as EventStoreError {
                    throw error
                } catch {
                    difference = difference ?? problem(rest.lowerBound, "it cannot be made again: \(error)")
                    continue
                }
                let found = compare(proposed, rest, isWhole: cause != nil && !isOfAll(cause))
                if let found {
                    difference = difference ?? found
                } else {
                    let end = rest.lowerBound + Int64(proposed.count) - 1
                    return (Decision(positions: rest.lowerBound...end, cause: cause, now: instant), nil)
                }
            }
        }
        return (nil, difference)
    }

    /// Whether an event has the planner look at all pathways, one append each: somebody goes away or comes back, the directory changes.
    private func isOfAll(_ cause: EventID?) -> Bool {
        guard let position = cause.flatMap({ causes[$0] }) else { return false }
        return [TerritoryPublished.type, AbsenceDeclared.type, AbsenceEnded.type].contains(history[position].type)
    }

    /// The pathways whose timer may have rung; any one, where an event is the cause.
    private func streams(_ rest: ClosedRange<Int64>, _ cause: EventID?) -> [StreamID] {
        if cause != nil, !isOfAll(cause) { return [history[rest.lowerBound].stream] }
        return rest.reduce(into: []) { if !$0.contains(history[$1].stream) { $0.append(history[$1].stream) } }
    }

    /// - Parameter isWhole: whether all of the events must have been made at once.
    private func compare(_ proposed: [ProposedEvent], _ rest: ClosedRange<Int64>, isWhole: Bool) -> WhatIfDifference? {
        var position = rest.lowerBound
        for one in proposed {
            guard position <= rest.upperBound else {
                return WhatIfDifference(position: rest.upperBound, pathway: one.stream.hex, problem: "history lacks \(one.event.type) after it")
            }
            if let text = one.difference(from: history[position], saying: history.pathwayEvent(at: position)) { return problem(position, text) }
            position += 1
        }
        if proposed.isEmpty || (isWhole && position <= rest.upperBound) {
            return problem(position, "recorded \(history[position].type), which is not made again")
        }
        return nil
    }

    private func problem(_ position: Int64, _ text: String) -> WhatIfDifference {
        WhatIfDifference(position: position, pathway: history[position].stream.hex, problem: text)
    }

    // MARK: - What was never decided

    /// Events that the planner is handed at once: all that is so far behind a cause that it named, it has looked at.
    private static let page: Int64 = 500

    /// Finds pathways at which the planner looked, recorded nothing, and would have. Only where nothing else can explain it: no deadline is
    /// concerned, nothing was published since, and the person has no other pathway, whose later events could.
    private mutating func lookForOmissions(in period: ClosedRange<Int64>) async throws {
        let passed = (causes.values.filter(period.contains).max() ?? 0) - Self.page
        let territory = (history.positions[history.streams.territory] ?? []).filter { $0 <= period.upperBound }
        let published = territory.last { [TerritoryPublished.type, ProtocolPublished.type].contains(history[$0].type) } ?? 0
        view.log.advance(to: period.upperBound)
        for (stream, positions) in history.positions.sorted(by: { $0.key < $1.key }) where !history.erased.contains(stream) {
            guard let last = positions.last(where: { $0 <= period.upperBound }), last > published, last <= passed, period.contains(last),
                history.pathwayEvent(at: last) != nil, view.isLookedAt(history[last]), try view.isAlone(stream)
            else { continue }
            // What the planner cannot work on is parked, today as then.
            guard let wanted = try? await view.decision(on: stream, at: history[last].recordedAt, weighing: Loads()) else { continue }
            let deadlines: Set<String> = [OffersLapsed.type, FollowUpEscalated.type, PathwayClosed.type]
            guard let lacking = wanted.first(where: { $0.stream == stream })?.event.type,
                !wanted.contains(where: { deadlines.contains($0.event.type) })
            else { continue }
            // Who came back since could not be asked then.
            if lacking == OffersMade.type, let changed = territory.last, changed > last { continue }
            compared += 1
            differences += 1
            let missing = problem(last, "history lacks \(lacking) after it")
            if first.map({ last < $0.position }) ?? true { first = missing }
        }
    }

    // MARK: - Loads

    private static func loadPosition(_ history: History, _ position: Int64) -> Int64? {
        guard history[position].source == FollowUpPlanner.source, case .offersMade(let body) = history.pathwayEvent(at: position) else {
            return nil
        }
        return body.loadPosition
    }

    /// As the events say that they were weighed; a team's is the mean of its members.
    private func recordedLoads(_ rest: ClosedRange<Int64>) -> [String: Int] {
        var counts: [String: Int] = [:]
        let teams = (try? view.published().state.territory?.teams) ?? []
        for position in rest {
            guard case .offersMade(let body) = history.pathwayEvent(at: position) else { continue }
            for load in body.solicitations.flatMap(\.assignment.loads) {
                switch Addressee(rawValue: load.who) {
                case .professional(let rpps): counts[rpps] = load.inHand
                case .team(let id):
                    for member in teams.first(where: { $0.id == id })?.members ?? [] { counts[member.value] = counts[member.value] ?? load.inHand }
                }
            }
        }
        return counts
    }
}
