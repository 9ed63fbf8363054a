import Coordination
import EventStore
import Pathways
import Simulation
import Testing
import Timekeeping

@Suite("What if: history is made again, or nothing is shown")
struct WhatIfReproductionTests {
    /// Faults, late messages, absences, readmissions: a few days in which hundreds of decisions are made.
    private static func world(_ seed: UInt64, days: Int = 6) async throws -> PastWorld {
        var options = Seeds.options(seed)
        options.inhabitants = 2_500
        options.days = days
        return try await PastWorld(options)
    }

    /// One for all that is changed in it: a log is only read.
    private static let original = Task { try await world(3, days: 12) }

    @Test("Every decision of a world with faults is made again, byte for byte", arguments: 1...6 as ClosedRange<UInt64>)
    func identical(seed: UInt64) async throws {
        let world = try await Self.world(seed)
        let made = try await world.whatIf.reproduction()
        #expect(made.decisions > 60, "RELAIS_SEED=\(seed): hardly anything was decided")
        #expect(made.events > made.decisions)
        #expect(made.differences == 0, "RELAIS_SEED=\(seed): \(made.differences) of \(made.decisions): \(made.first.map { "\($0)" } ?? "")")
    }

    // MARK: - Histories that are not true

    private enum Edit: String, CaseIterable, CustomTestStringConvertible {
        case offerAnswerableLater
        case otherProfessionalAsked
        case planDropped
        case noticeAdded
        case runForgotten
        case pathwayForgotten

        var testDescription: String { rawValue }

        /// - Returns: the position at which the log is wrong now.
        func apply(to events: inout [RecordedEvent]) throws -> Int64 {
            func first(_ type: String, where isMeant: (Int) throws -> Bool = { _ in true }) throws -> Int {
                try #require(events.indices.first { try $0 > events.count / 5 && events[$0].type == type && isMeant($0) })
            }
            switch self {
            case .offerAnswerableLater:
                let index = try first(OffersMade.type)
                let body = try OffersMade(payload: events[index].payload)
                events[index].payload = Self.offers(body) { ($0.to, $0.until.adding(minutes: 1)) }
                return Int64(index) + 1
            case .otherProfessionalAsked:
                let index = try first(OffersMade.type) { try OffersMade(payload: events[$0].payload).solicitations.contains { $0.to.count == 1 } }
                let body = try OffersMade(payload: events[index].payload)
                events[index].payload = Self.offers(body) { ($0.to.isEmpty ? [] : ["99999000013"], $0.until) }
                return Int64(index) + 1
            case .planDropped:
                let index = try first(FollowUpsPlanned.type) { events[$0 + 1].type == OffersMade.type && events[$0 + 1].stream == events[$0].stream }
                events.remove(at: index)
                return Int64(index) + 1
            case .noticeAdded:
                let index = try first(OffersMade.type)
                let body = try #require(try OffersMade(payload: events[index].payload).solicitations.first)
                var notice = events[index]
                var bytes = notice.id.bytes
                bytes[15] ^= 1
                notice.id = try #require(EventID(bytes: bytes))
                notice.type = FollowUpEscalated.type
                notice.payload = FollowUpEscalated(followUp: body.followUp, at: notice.time, step: 0, reason: .overdue, to: []).payload
                events.insert(notice, at: index + 1)
                return Int64(index) + 2
            case .runForgotten:
                // What a whole run did is wanted again at the next run on the pathway, as long as nobody settled it between them.
                let index = try first(OffersLapsed.type) { index in
                    let stream = events[index].stream
                    return events[index + 1].type == OffersMade.type && events[index + 1].stream == stream
                        && events[index + 2].source != FollowUpPlanner.source && events[index - 1].source != FollowUpPlanner.source
                        && events[(index + 2)...].first { $0.stream == stream }?.source == FollowUpPlanner.source
                }
                let stream = events[index].stream
                for lost in index...index + 1 { try Self.blank(lost, in: &events) }
                let runs = events.indices.filter { events[$0].stream == stream && events[$0].source == FollowUpPlanner.source }
                let next = try #require(runs.first { $0 > index })
                return Int64(next) + 1
            case .pathwayForgotten:
                // All that happened after the first facts of a pathway: no run is left that could show what the planner should have done. What
                // others weighed differs too, but later.
                let found = events.indices.first { index in
                    guard events[index].type == FollowUpsPlanned.type, index < events.count - 560 else { return false }
                    let own = events.indices.filter { events[$0].stream == events[index].stream }
                    let isFirst = own.allSatisfy { $0 >= index || events[$0].source != FollowUpPlanner.source }
                    return isFirst && own.contains { $0 > index && events[$0].type == OffersMade.type }
                }
                let index = try #require(found)
                let stream = events[index].stream
                for lost in events.indices where lost >= index && events[lost].stream == stream { try Self.blank(lost, in: &events) }
                return Int64(try #require(events.indices.last { events[$0].stream == stream })) + 1
            }
        }

        /// Makes an event one that concerns nobody: positions stay, which decisions name.
        private static func blank(_ index: Int, in events: inout [RecordedEvent]) throws {
            events[index].stream = try #require(events.first { $0.type == MessageReceived.type }).stream
            events[index].type = CommandKeyReused.type
            events[index].source = "urn:relais:test"
        }

        private static func offers(_ body: OffersMade, _ change: (OffersMade.Solicitation) -> (to: [String], until: Instant)) -> [UInt8] {
            let changed = body.solicitations.map { one in
                let (to, until) = change(one)
                return OffersMade.Solicitation(followUp: one.followUp, wave: one.wave, to: to, until: until, assignment: one.assignment)
            }
            return OffersMade(at: body.at, solicitations: changed, directoryVersion: body.directoryVersion, loadPosition: body.loadPosition).payload
        }
    }

    @Test("A log in which one decision is not true is refused, with its place", arguments: Edit.allCases)
    private func refused(_ edit: Edit) async throws {
        let world = try await Self.original.value
        var place: Int64 = 0
        var failure: (any Error)?
        let log = try EditedLog(world.log) { events in
            do { place = try edit.apply(to: &events) } catch { failure = error }
        }
        if let failure { throw failure }
        var options = WhatIfOptions(yaml: PlainHome.yaml, file: "plain-home-discharge.yaml")
        options.draws = 1
        do {
            let report = try await world.whatIf(of: log).run(options)
            Issue.record("shown: \(report.text)")
        } catch let refusal as WhatIfRefusal {
            guard case .differences(let count, let decisions, let first) = refusal.reason else {
                Issue.record("\(refusal)")
                return
            }
            #expect(count > 0 && count <= decisions)
            #expect(first.position == place, "\(refusal)")
            #expect(refusal.description.contains("position \(first.position)"))
        }
    }

    @Test("A pathway of an erased patient is left out, and the others are made again all the same")
    func erased() async throws {
        let world = try await Self.world(4)
        let events = try world.log.read(after: 0, limit: 1_000_000)
        let accepted = try #require(events.first { $0.type == FollowUpAccepted.type })
        let log = try EditedLog(world.log) { events in
            for index in events.indices where events[index].stream == accepted.stream { events[index].keyID = "destroyed" }
        }
        var options = WhatIfOptions(yaml: PlainHome.yaml, file: "plain-home-discharge.yaml")
        options.draws = 1
        let report = try await world.whatIf(of: log, sealer: ErasingSealer()).run(options)
        #expect(report.pathwaysLeftOut == 1)
        #expect(report.decisionsLeftOut > 0)
        #expect(report.differences == 0)
        #expect(report.text.contains("1 pathways of erased patients"))
    }
}
