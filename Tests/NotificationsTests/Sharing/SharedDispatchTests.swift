import EventStore
import NotificationChannels
import Notifications
import Pathways
import Synchronization
import Testing
import Timekeeping

/// Three nodes that share a territory's people, whose shares move while they work.
@Suite(.timeLimit(.minutes(30))) struct SharedDispatchTests {
    /// The log, and what the nodes keep for each other.
    private final class Territory: Sendable {
        struct State {
            var intakes: [NewsIntake] = []
            var facts: [ToldFact] = []
            var nodes: [Int: Node] = [:]
            var journal: [String: (share: Int, message: OutboxMessage)] = [:]
        }

        let state = Mutex(State())
        let ledger: MemoryLedger
        let clock = DispatchClock(Town.at("2026-11-17T14:00:00+01:00"))

        init() throws { ledger = MemoryLedger(try Town.territory.get()) }

        func take(_ news: News) {
            state.withLock { state in
                let intake = NewsIntake(position: Int64(state.intakes.count + 1), recordedAt: clock.now, endings: [], news: [(news, nil)])
                state.intakes.append(intake)
                for node in state.nodes.values { node.outbox.take(intake) }
            }
            for node in state.withLock({ $0.nodes.values }) { node.dispatcher.wake(urgent: [news.key.recipient]) }
        }

        /// What the writer records, every copy hears.
        func record(_ fact: ToldFact) async throws {
            try await ledger.record(fact)
            try state.withLock { state in
                state.facts.append(fact)
                for node in state.nodes.values {
                    try node.outbox.adopt(fact, at: clock.now)
                    node.signs.see(fact)
                }
            }
        }

        func keep(_ share: Int, _ record: JournalRecord) {
            state.withLock { state in
                switch record {
                case .open(let message): state.journal[message.id] = (share, message)
                case .closed(let id): state.journal[id] = nil
                }
            }
        }
    }

    private final class Node: Sendable {
        let outbox = InMemoryOutbox()
        let signs = FactSigns()
        let shares: PeopleShares
        let dispatcher: Dispatcher
        private let flag: SharedFlag
        private let running = Mutex<Task<Void, Never>?>(nil)

        init(_ territory: Territory, _ count: Int, _ channel: ScriptedChannel) throws {
            let isDead = SharedFlag()
            let shares = PeopleShares(count: count, isFresh: { !isDead.value }) { territory.keep($0, $1) }
            self.shares = shares
            flag = isDead
            let ledger = CourierLedger(copy: territory.ledger, signs: signs) { fact in
                // Whoever was killed says nothing more.
                if isDead.value { throw SharingTrouble("dead") }
                try await territory.record(fact)
            }
            dispatcher = Dispatcher(
                outbox: outbox,
                ledger: ledger,
                renderer: PlainRenderer(),
                book: ChannelBook([.mssante: channel]),
                table: try Town.table.get(),
                share: shares,
                surroundings: .init(time: territory.clock.source, random: { 1 }, sleep: { try await Task.sleep(for: .milliseconds(min($0, 5))) }),
                logger: .silent
            )
        }

        func run() { running.withLock { [dispatcher] running in running = Task { await dispatcher.run() } } }

        /// As SIGKILL: nothing more comes of it.
        func kill() {
            flag.value = true
            running.withLock { $0?.cancel() }
        }

        func stop() async {
            let task = running.withLock { $0 }
            task?.cancel()
            await task?.value
        }
    }

    private final class SharedFlag: Sendable {
        private let flag = Mutex(false)
        var value: Bool {
            get { flag.withLock { $0 } }
            set { flag.withLock { $0 = newValue } }
        }
    }

    private static let count = 6

    /// A copy with all of the log, that holds nothing yet.
    private func node(_ number: Int, _ territory: Territory, _ channel: ScriptedChannel) throws -> Node {
        let node = try Node(territory, Self.count, channel)
        try territory.state.withLock { state in
            for intake in state.intakes { node.outbox.take(intake) }
            for fact in state.facts { try node.outbox.adopt(fact, at: territory.clock.now) }
            state.nodes[number] = node
        }
        node.run()
        return node
    }

    private func grant(_ share: Int, to node: Node, _ territory: Territory) throws {
        let left = territory.state.withLock { $0.journal.values.filter { $0.share == share }.map(\.message) }
        for message in left { try node.outbox.resume(message, at: territory.clock.now) }
        node.shares.grant(share)
        node.dispatcher.wakeAll()
    }

    @Test(
        "Shares move, nodes die: nobody forgotten, no news in two messages, repeats under their id alone",
        arguments: [false, true],
        [1, 2, 3, 4] as [UInt64]
    )
    func shares(_ isWar: Bool, seed: UInt64) async throws {
        let chance = DispatchChance(seed: seed)
        let territory = try Territory()
        let channel = ScriptedChannel(.mssante) { _, _ in
            try? await Task.sleep(for: .milliseconds(chance.below(4)))
            return chance.isOne(in: 6) ? .later(reason: "busy", after: nil) : .handedOver(receipt: nil)
        }
        var nodes: [Node] = []
        for number in 0..<3 { nodes.append(try node(number, territory, channel)) }
        var holders: [Int] = []
        for share in 0..<Self.count {
            holders.append(share % 3)
            try grant(share, to: nodes[share % 3], territory)
        }
        let people = [Town.praud, Town.bretaud, Town.girard, "99999000047", "99999000054"]
        for event in 0..<150 {
            territory.take(Town.news("e\(event)", to: people[chance.below(people.count)], urgency: .urgent))
            // Back-offs of minutes pass.
            if chance.isOne(in: 3) { territory.clock.now = territory.clock.now.adding(minutes: 5) }
            if chance.isOne(in: 4) { try await Task.sleep(for: .milliseconds(chance.below(6))) }
            if chance.isOne(in: 7) {
                let share = chance.below(Self.count)
                let (old, new) = (holders[share], chance.below(3))
                await nodes[old].shares.release([share])
                nodes[old].outbox.disband { nodes[old].shares.share(of: $0) == share }
                holders[share] = new
                try grant(share, to: nodes[new], territory)
            }
            if isWar, chance.isOne(in: 15) {
                let victim = chance.below(3)
                nodes[victim].kill()
                nodes[victim] = try node(victim, territory, channel)
                for share in 0..<Self.count where holders[share] == victim {
                    holders[share] = chance.below(3)
                    try grant(share, to: nodes[holders[share]], territory)
                }
            }
        }
        let events = territory.state.withLock { $0.intakes.flatMap { $0.news.map(\.news) } }
        while !events.allSatisfy({ territory.ledger.recipient($0.key.recipient).recipient.wasTold($0.key) }) {
            territory.clock.now = territory.clock.now.adding(minutes: 5)
            try await Task.sleep(for: .milliseconds(5))
        }
        for node in nodes { await node.stop() }
        var ids: [String: Set<String>] = [:]
        var count: [String: Int] = [:]
        for taken in channel.taken {
            guard case .handedOver = taken.outcome else { continue }
            count[taken.message.id, default: 0] += 1
            for key in taken.message.keys { ids[key, default: []].insert(taken.message.id) }
        }
        #expect(ids.values.allSatisfy { $0.count == 1 }, "seed \(seed): \(ids.filter { $0.value.count > 1 })")
        if !isWar { #expect(count.values.allSatisfy { $0 == 1 }, "seed \(seed): \(count.filter { $0.value > 1 })") }
        #expect(territory.ledger.undeliverable.isEmpty, "seed \(seed)")
    }
}
