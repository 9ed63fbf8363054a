import EventStore
import Foundation
import Pathways
import TestSupport
import Testing
import Timekeeping

@testable import Projections

/// Seeded random ledgers beside seeded random pathways; a failure names its seed.
@Suite struct NotificationPropertyTests {
    private static let people = TestTerritory.everybody

    /// Records what becomes of a few messages, decided by the domain: what happens is what can happen.
    private struct Notifier {
        let world: World
        let keys: DestroyedKeys
        /// Whether recipients are erased in it, too.
        let erases: Bool
        private var random: SplitMix64
        private(set) var recipients: [String: Recipient] = [:]
        private var facts: [String: [DomainEvent]] = [:]
        private(set) var erasures = 0

        init(_ history: RandomHistory, seed: UInt64, erases: Bool = true) {
            (world, keys, self.erases, random) = (history.world, history.keys, erases, SplitMix64(seed: seed &+ 4_711))
        }

        /// All that there is of each message to somebody, in the order in which they were first heard of.
        func records(of rpps: String) -> [MessageRecord] {
            (recipients[rpps]?.latestMessages(.max) ?? []).compactMap { MessageRecord($0.id, folding: facts[rpps] ?? []) }
        }

        mutating func run(_ steps: Int, _ pathways: [StreamID: Pathway], _ order: [StreamID]) async throws {
            for _ in 0..<steps { try await step(pathways, order) }
        }

        private mutating func step(_ pathways: [StreamID: Pathway], _ order: [StreamID]) async throws {
            guard let rpps = people.randomElement(using: &random) else { return }
            world.clock.move(to: world.clock.now.adding(minutes: Int64.random(in: 0...5, using: &random)))
            let recipient = recipients[rpps] ?? Recipient(rpps: rpps)
            let channel = ChannelKind.allCases.randomElement(using: &random) ?? .inapp
            let now = world.clock.now
            let known = recipient.latestMessages(.max).randomElement(using: &random)
            let isNew = known == nil || Int.random(in: 0..<3, using: &random) == 0
            let message = isNew ? world.ids.next().description : known?.id ?? ""
            let items = isNew ? self.items(pathways, order) : known?.items ?? []
            let event: DomainEvent?
            switch Int.random(in: 0..<(isNew ? 4 : 12), using: &random) {
            case 0..<3:
                let body = MessageHandedOver(
                    recipient: rpps,
                    message: message,
                    channel: channel,
                    items: items,
                    urgency: .routine,
                    reminder: Int.random(in: 0...2, using: &random),
                    attempts: 1,
                    at: now
                )
                event = try? recipient.decide(body).map { .messageHandedOver($0) }
            case 3:
                let body = MessageUndeliverable(
                    recipient: rpps,
                    message: message,
                    items: items,
                    tried: [channel],
                    reason: .expired,
                    told: nil,
                    at: now
                )
                event = try? recipient.decide(body).map { .messageUndeliverable($0) }
            case 4..<7:
                let body = MessageDelivered(recipient: rpps, message: message, channel: channel, at: now)
                event = try? recipient.decide(body).map { .messageDelivered($0) }
            case 7..<10:
                let body = MessageOpened(recipient: rpps, message: message, via: .page, at: now)
                event = try? recipient.decide(body).map { .messageOpened($0) }
                if let item = known?.items.randomElement(using: &random) { try await act(on: item, rpps) }
            case 10:
                let body = MessageBounced(recipient: rpps, message: message, channel: channel, at: now, reason: .mailboxFull)
                event = try? recipient.decide(body).map { .messageBounced($0) }
            default:
                if erases, Int.random(in: 0..<3, using: &random) == 0 { try await erase(rpps) }
                event = nil
            }
            guard let event else { return }
            recipients[rpps, default: Recipient(rpps: rpps)].evolve(with: event)
            facts[rpps, default: []].append(event)
            try await record(event, on: world.recipient(rpps))
        }

        /// Of any pathway, erased ones included: the facts of what was under way come later.
        private mutating func items(_ pathways: [StreamID: Pathway], _ order: [StreamID]) -> [ToldItem] {
            (0..<Int.random(in: 1...3, using: &random)).map { _ in
                let stream = order.randomElement(using: &random)
                let followUp = stream.flatMap { pathways[$0]?.followUps.randomElement(using: &random)?.id }
                return ToldItem(event: world.ids.next().description, template: "offer-named", pathway: stream?.hex, followUp: followUp)
            }
        }

        private func act(on item: ToldItem, _ rpps: String) async throws {
            guard let stream = item.pathway.flatMap({ StreamID(hex: $0) }), let followUp = item.followUp else { return }
            try await world.record(FollowUpNoted(followUp: followUp, by: Attribution(rpps: rpps), note: "Vu"), on: stream)
        }

        private mutating func erase(_ rpps: String) async throws {
            try await world.erase([world.recipient(rpps)], keys)
            (recipients[rpps], facts[rpps]) = (nil, nil)
            erasures += 1
        }

        private func record(_ event: DomainEvent, on stream: StreamID) async throws {
            switch event {
            case .messageHandedOver(let body): try await world.record(body, on: stream)
            case .messageDelivered(let body): try await world.record(body, on: stream)
            case .messageOpened(let body): try await world.record(body, on: stream)
            case .messageBounced(let body): try await world.record(body, on: stream)
            case .messageUndeliverable(let body): try await world.record(body, on: stream)
            default: break
            }
        }
    }

    @Test(arguments: HistoryPropertyTests.seeds)
    func rebuiltIsMaintainedByteForByte(seed: UInt64) async throws {
        var history = try RandomHistory(seed: seed)
        var notifier = Notifier(history, seed: seed)
        var random = SplitMix64(seed: seed)
        let world = history.world
        for round in 0..<8 {
            try await history.run(steps: 15)
            if round % 3 == 2 { try await history.erase() }
            try await notifier.run(25, history.pathways, history.order)
            try world.catchUp(pageSize: Int.random(in: 1...40, using: &random), sealer: history.keys)
        }
        #expect(notifier.erasures > 0, "seed \(seed) erases no recipient")
        let maintained = try #require(try world.digests()["notifications"])
        try world.runner(sealer: history.keys).rebuild("notifications", pageSize: Int.random(in: 1...50, using: &random))
        #expect(try world.digests()["notifications"] == maintained, "seed \(seed)")
        let other = FileManager.default.temporaryDirectory.appendingPathComponent("proj-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: other, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: other) }
        try world.runner(in: other, sealer: history.keys).catchUp(pageSize: 500)
        #expect(try ProjectionReader.digests(in: other)["notifications"] == maintained, "seed \(seed)")
    }

    /// The domain's own fold of each recipient is the oracle, where nobody is erased.
    @Test(arguments: HistoryPropertyTests.seeds)
    func ledgersSayWhatTheDomainSaysAndStayAsTheyStood(seed: UInt64) async throws {
        var history = try RandomHistory(seed: seed, erases: false)
        var notifier = Notifier(history, seed: seed, erases: false)
        let world = history.world
        var captured: [(position: Int64, lines: [[ToldLine]])] = []
        func ledgers(asOf position: Int64? = nil) throws -> [[ToldLine]] {
            try Self.people.map { try world.ledger(of: $0, asOf: position, limit: 500).lines }
        }
        for _ in 0..<6 {
            try await history.run(steps: 20)
            try await notifier.run(20, history.pathways, history.order)
            try world.catchUp(sealer: history.keys)
            captured.append((try world.log.head().position, try ledgers()))
        }
        for (rpps, lines) in zip(Self.people, captured.last?.lines ?? []) {
            let expected = notifier.records(of: rpps)
            #expect(expected.count == notifier.recipients[rpps]?.messageCount ?? 0, "seed \(seed)")
            #expect(lines.map(\.item) == expected.flatMap(\.items), "seed \(seed)")
            for message in expected {
                let line = try #require(lines.first { $0.message.id == message.id }, "seed \(seed)")
                #expect(line.stage == message.stage && line.handOvers == message.handOvers, "seed \(seed)")
                #expect(line.message.deliveries == message.deliveries && line.message.openings == message.openings, "seed \(seed)")
                #expect(line.bounces == message.bounces, "seed \(seed)")
            }
        }
        for (position, lines) in captured { #expect(try ledgers(asOf: position) == lines, "seed \(seed), position \(position)") }
        // By pathway they are the same lines.
        let byPerson = Set(captured.last?.lines.flatMap(\.self).filter { $0.item.pathway != nil } ?? [])
        let reader = NotificationReader(views: try world.views())
        #expect(Set(try history.order.flatMap { try reader.ledger(ofPathway: $0) }) == byPerson, "seed \(seed)")
        for line in byPerson { #expect(line.acted?.position == (try acted(line, world)), "seed \(seed)") }
        #expect(byPerson.contains { $0.acted != nil } && byPerson.contains { $0.acted == nil }, "seed \(seed) tests little")
    }

    /// Where the log says that the person of a line acted first, told by its JSON.
    private func acted(_ line: ToldLine, _ world: World) throws -> Int64? {
        func members(_ event: RecordedEvent) throws -> [String: Any] {
            try #require(try JSONSerialization.jsonObject(with: Data(event.payload)) as? [String: Any])
        }
        let told = try world.log.read(stream: world.recipient(line.recipient.rpps), fromVersion: 1, limit: .max).compactMap { event in
            let body = try members(event)
            guard [MessageHandedOver.type, MessageOpened.type].contains(event.type), body["message"] as? String == line.message.id else {
                return nil as (at: Int64, position: Int64)?
            }
            let at = (body["at"] as? String).flatMap { Instant(rfc3339: $0) }
            return (try #require(at).millisecondsSinceEpoch, event.position)
        }
        guard let first = told.min(by: { $0 < $1 }), let stream = line.item.pathway.flatMap({ StreamID(hex: $0) }) else { return nil }
        return try world.log.read(stream: stream, fromVersion: 1, limit: .max).first { event in
            let body = try members(event)
            guard (body["by"] as? [String: Any])?["rpps"] as? String == line.recipient.rpps,
                (event.recordedAt.millisecondsSinceEpoch, event.position) > first
            else { return false }
            let followUps = (body["followUp"] as? String).map { [$0] } ?? body["followUps"] as? [String] ?? []
            return followUps.isEmpty || line.item.followUp.map(followUps.contains) != false
        }?.position
    }
}
