import Foundation
import Pathways
import Synchronization
import Testing
import Timekeeping

@testable import Notifications

/// Whatever fails and whenever it dies: nobody is forgotten, and what is repeated can be recognised.
@Suite("The dispatcher over random stories")
struct DispatchSimulationTests {
    /// Days until nothing may be left: the last channel is tried for three, a message after another, with the référent's after that.
    private static let horizon: Int64 = 60
    /// `RELAIS_LONG=1` tells more stories.
    private static let seeds: UInt64 = ProcessInfo.processInfo.environment["RELAIS_LONG"] == "1" ? 220 : 60

    @Test(
        "Given a story of this seed, when all has come to rest, then every news is told, ended, or its référent knows",
        arguments: 1...seeds
    )
    func story(seed: UInt64) async throws {
        let story = try DispatchStory(seed: seed)
        try await run(story)
        let facts = story.facts.withLock { $0 }
        let counts = story.outbox.counts(at: story.clock.now)
        #expect(counts.waiting == 0 && counts.pending == 0 && counts.unrecorded == 0 && counts.stranded == 0, "seed \(seed): \(counts)")
        #expect(counts.parked == 0, "seed \(seed)")
        checkOutcomes(story, facts, seed)
        checkRepeats(facts, seed)
        checkEndings(facts, seed)
        checkOrder(facts, seed)
        try checkQuiet(facts, seed)
        checkBudget(facts, seed)
    }

    @Test("The stories are worth being told: all that may happen happens in some of them")
    func coverage() async throws {
        var (kills, reminders, given, listed, repeats, ended) = (0, 0, 0, 0, 0, 0)
        var reasons: Set<UndeliverableReason> = []
        for seed in 1...24 as ClosedRange<UInt64> {
            let story = try DispatchStory(seed: seed)
            try await run(story)
            let facts = story.facts.withLock { $0 }
            kills += facts.kills
            ended += facts.ended.count
            reminders += facts.delivered.count { $0.reminder > 0 && $0.isHandedOver }
            repeats += facts.delivered.count - Set(facts.delivered.map(\.id)).count
            given += story.ledger.undeliverable.count
            reasons.formUnion(story.ledger.undeliverable.map(\.reason))
            listed += story.ledger.recipient(Town.girard).recipient.messageCount
        }
        #expect(kills > 100 && reminders > 20 && given > 5 && listed > 50 && repeats > 50 && ended > 50)
        #expect(reasons == [.expired, .refused])
    }

    private func run(_ story: DispatchStory) async throws {
        let chance = story.chance
        let end = DispatchStory.start.adding(days: 3)
        let horizon = DispatchStory.start.adding(days: Self.horizon)
        var (dispatcher, fuse) = story.dispatcher(dyingAfter: chance.below(40))
        var nextNews = DispatchStory.start
        var (turns, jumps) = (0, 0)
        while story.clock.now < horizon {
            turns += 1
            guard turns < 60_000 else {
                Issue.record("it never comes to rest")
                return
            }
            for rpps in try story.outbox.due(at: story.clock.now, limit: 10, excluding: []) {
                _ = await dispatcher.attendant.attend(rpps)
                if fuse.isBlown {
                    story.facts.withLock { $0.kills += 1 }
                    for _ in 0..<chance.below(4) where story.clock.now < end {
                        story.clock.now = story.clock.now.adding(minutes: Int64(chance.below(20)))
                        story.happen()
                    }
                    (dispatcher, fuse) = story.dispatcher(dyingAfter: story.clock.now < end ? chance.below(60) : 200 + chance.below(400))
                }
            }
            story.react()
            let look = try story.outbox.nextLook()
            let isNews = nextNews < end && (look.map { nextNews <= $0 } ?? true)
            guard let next = isNews ? nextNews : look else { return }
            story.clock.now = max(next, story.clock.now)
            if isNews {
                story.happen()
                nextNews = story.clock.now.adding(minutes: Int64(1 + chance.below(150)))
            }
            if story.clock.now < end, chance.isOne(in: 60) {
                story.clock.now = story.clock.now.adding(hours: Int64(chance.below(12)) - 5)
                story.outbox.lookAtAll(from: story.clock.now)
            }
            if story.clock.now < end, jumps < 2, chance.isOne(in: 200) {
                jumps += 1
                story.clock.now = story.clock.now.adding(days: -Int64(1 + chance.below(20)))
                nextNews = story.clock.now
                story.outbox.lookAtAll(from: story.clock.now)
                // Whatever it was that they waited for: nobody waits for the old time to come again.
                let look = try story.outbox.nextLook()
                #expect(look.map { $0 <= story.clock.now } ?? true)
            }
        }
    }

    // MARK: - What must be so

    private func checkOutcomes(_ story: DispatchStory, _ facts: DispatchStory.Facts, _ seed: UInt64) {
        let given = Set(story.ledger.undeliverable.flatMap { fact in fact.items.map { $0.key(for: fact.recipient) } })
        for key in facts.news.keys {
            let isTold = story.ledger.recipient(key.recipient).recipient.wasTold(key)
            #expect(isTold || facts.ended.contains(key) || given.contains(key), "seed \(seed): \(key) is forgotten")
        }
        for fact in story.ledger.undeliverable {
            #expect(fact.told == (fact.recipient == Town.referent ? nil : Town.referent), "seed \(seed)")
            #expect(!fact.tried.isEmpty || fact.reason == .noChannel, "seed \(seed)")
        }
        // A fact for every hand-over; but where the outcome was lost, and it was not repeated since all of it had ended.
        for delivered in facts.delivered where delivered.isHandedOver {
            if case .cancelled = story.outbox.message(delivered.id)?.delivery.state { continue }
            let record = story.ledger.recipient(delivered.recipient).recipient.message(delivered.id)
            #expect(record != nil, "seed \(seed): \(delivered.id) is not in the log")
        }
    }

    /// One content under one id, and no second message of the same news but reminders, two at most.
    private func checkRepeats(_ facts: DispatchStory.Facts, _ seed: UInt64) {
        var content: [String: [NewsKey]] = [:]
        var first: [NewsKey: Set<String>] = [:]
        var reminders: [NewsKey: Set<String>] = [:]
        for delivered in facts.delivered {
            #expect(content[delivered.id, default: delivered.items] == delivered.items, "seed \(seed): \(delivered.id) tells something else")
            content[delivered.id] = delivered.items
            for key in delivered.items where delivered.mayBeOut {
                if delivered.reminder == 0 { first[key, default: []].insert(delivered.id) } else { reminders[key, default: []].insert(delivered.id) }
            }
        }
        for (key, ids) in first { #expect(ids.count == 1, "seed \(seed): \(key) is told under other ids") }
        for (key, ids) in reminders { #expect(ids.count <= 2, "seed \(seed): \(key) is reminded of too often") }
    }

    /// What has ended goes out no more, but as part of a message whose attempt had begun: a process that died then may have handed it over.
    private func checkEndings(_ facts: DispatchStory.Facts, _ seed: UInt64) {
        for delivered in facts.delivered {
            #expect(delivered.ended < delivered.items.count, "seed \(seed): \(delivered.id) tells nothing but what has ended")
        }
    }

    /// Of one lane, what was begun is ended before the next one is.
    private func checkOrder(_ facts: DispatchStory.Facts, _ seed: UInt64) {
        struct Line: Hashable {
            let recipient: String
            let isUrgent: Bool
        }
        var lines: [Line: [String]] = [:]
        for delivered in facts.delivered {
            let line = Line(recipient: delivered.recipient, isUrgent: delivered.isUrgentLane)
            if lines[line]?.last != delivered.id { lines[line, default: []].append(delivered.id) }
        }
        for (line, ids) in lines { #expect(Set(ids).count == ids.count, "seed \(seed): \(line) is out of order") }
    }

    private func checkQuiet(_ facts: DispatchStory.Facts, _ seed: UInt64) throws {
        let directory = try #require(try Town.territory.get().territory)
        let quiet = Recipient(rpps: Town.praud).quietTimes(in: directory)
        for delivered in facts.delivered where !delivered.isUrgentLane {
            guard let end = quiet.end(at: delivered.at) else { continue }
            #expect(delivered.reminder == 0, "seed \(seed): reminded of at \(delivered.at)")
            let isUrged = delivered.items.contains { facts.news[$0].map { $0.answerBy.map { $0 <= end } ?? false } ?? false }
            #expect(isUrged, "seed \(seed): told at \(delivered.at)")
        }
    }

    private func checkBudget(_ facts: DispatchStory.Facts, _ seed: UInt64) {
        var days: [String: Set<String>] = [:]
        // The budget is that of routine messages.
        for delivered in facts.delivered where delivered.isHandedOver && !delivered.isUrgentLane {
            days["\(delivered.recipient) \(delivered.at.rfc3339.prefix(10))", default: []].insert(delivered.id)
        }
        let sorted = days.values.map(\.count).sorted()
        guard !sorted.isEmpty else { return }
        #expect(sorted[sorted.count / 2] <= 8, "seed \(seed): \(sorted)")
    }
}
