import Coordination
import EventStore
import Pathways
import Simulation
import Synchronization
import Testing
import Timekeeping

@Suite("What if: decisions that ran beside others")
struct WhatIfRaceTests {
    /// Before every third decision of the planner comes to the log, somebody declares an absence that the decision has not seen.
    @Test("A decision that did not see the last positions is made again from what it saw")
    func raced() async throws {
        var options = Seeds.options(8)
        options.inhabitants = 2_000
        let turns = Mutex(0)
        let races = Mutex(0)
        options.tamper = { base in
            TamperedLog(base: base) { request in
                guard let event = request.writes.flatMap(\.events).first, event.source == FollowUpPlanner.source,
                    turns.withLock({ turns in
                        turns += 1
                        return turns % 3 == 0
                    }), let territory = try? base.read(after: 0, limit: 1).first?.stream
                else { return request }
                races.withLock { $0 += 1 }
                var raced = request
                raced.writes.insert(StreamWrite(stream: territory, expected: .any, events: [Self.absence(beside: event)]), at: 0)
                return raced
            }
        }
        let world = try await PastWorld(options)
        let made = try await world.whatIf.reproduction()
        #expect(races.withLock { $0 } > 5)
        #expect(made.decisions > 20)
        #expect(made.differences == 0, "\(made.differences) of \(made.decisions): \(made.first.map { "\($0)" } ?? "")")
    }

    /// Years from now: it changes nothing but the version of the directory.
    private static func absence(beside event: NewEvent) -> NewEvent {
        var bytes = event.id.bytes
        bytes[15] ^= 1
        let from = event.time.adding(days: 3_000)
        let rpps = "99999000013"
        let by = Attribution(rpps: rpps, capacity: .referent)
        let body = AbsenceDeclared(rpps: rpps, from: from, to: from.adding(days: 1), replacement: nil, by: by)
        return NewEvent(
            id: EventID(bytes: bytes) ?? event.id,
            type: AbsenceDeclared.type,
            source: "urn:rpps:\(rpps)",
            time: event.time,
            payload: body.payload
        )
    }
}
