import EventStore
import Foundation
import Pathways
import Testing
import Timekeeping

@testable import Projections

/// « Ai-je été prévenu ? », answered from the log.
@Suite struct NotificationTests {
    typealias People = TestTerritory

    /// Visit V1 with a follow-up that Nicolas is asked for.
    private func asked() async throws -> (world: World, item: ToldItem) {
        let world = try World()
        try await world.publish(People.yaml())
        try await world.stay("V1")
        try await world.record(FollowUpsPlanned(followUps: [world.plan("f"), world.plan("g")]), on: world.pathway("V1"))
        let offer = try await world.record(world.offer("f", to: [People.nicolas], basis: .declared), on: world.pathway("V1"))
        return (world, world.told("V1", event: offer.id))
    }

    private func pass(_ minutes: Int64, _ world: World) -> Instant {
        world.clock.move(to: world.clock.now.adding(minutes: minutes))
        return world.clock.now
    }

    @Test func aMessageIsFollowedFromItsHandOverToWhatThePersonDid() async throws {
        let (world, item) = try await asked()
        let handedOver = pass(1, world)
        var positions = [try await world.handOver("m", [item], to: People.nicolas)]
        let delivered = pass(1, world)
        positions.append(try await world.deliver("m", to: People.nicolas))
        let opened = pass(5, world)
        positions.append(try await world.open("m", by: People.nicolas))
        let accepted = pass(3, world)
        let by = Attribution(rpps: People.nicolas)
        positions.append(try await world.record(FollowUpAccepted(followUp: "f", at: accepted, by: by), on: world.pathway("V1")).position)
        try world.catchUp()

        let line = try #require(try world.ledger("V1").first)
        #expect(try world.ledger("V1").count == 1 && world.ledger(of: People.nicolas).lines == [line])
        #expect(line.recipient == ToDoItem.Person(rpps: People.nicolas, name: "Nicolas Besson"))
        #expect(line.item == item && line.message.id == "m" && line.message.items == [item] && line.position == positions[0])
        #expect(line.urgency == .urgent && line.reminder == 0 && line.stage == .opened)
        let handOver = try #require(line.handOvers.first)
        #expect(line.handOvers.count == 1 && handOver.channel == .mssante && handOver.reminder == 0 && handOver.at == handedOver)
        #expect(handOver.attempts == 2 && handOver.receipt == "4bXq1Z")
        #expect(line.handedOverAt == handedOver && line.deliveredAt == delivered)
        #expect(line.opened?.at == opened && line.opened?.via == .link && line.opened?.channel == .mssante)
        #expect(line.acted?.kind == .accepted && line.acted?.at == accepted && line.acted?.position == positions[3])
        #expect(line.bounces.isEmpty && line.undeliverable == nil && line.told == nil)

        // As it stood after each of them.
        #expect(try world.ledger("V1", asOf: positions[0] - 1).isEmpty)
        let stages = try positions.map { try #require(try world.ledger("V1", asOf: $0).first) }
        #expect(stages.map(\.stage) == [.handedOver, .delivered, .opened, .opened])
        #expect(stages.map { $0.acted != nil } == [false, false, false, true])
        #expect(throws: ViewError.behind(asked: 1_000, reached: positions[3])) { try world.ledger("V1", asOf: 1_000) }
    }

    @Test func onlyWhatTheSamePersonDidAfterwardsOfTheSameFollowUpCounts() async throws {
        let (world, item) = try await asked()
        let stream = world.pathway("V1")
        let by = Attribution(rpps: People.nicolas)
        try await world.record(FollowUpNoted(followUp: "f", by: by, note: "Avant"), on: stream)
        let stated = pass(10, world)
        try await world.handOver("m", [item], to: People.nicolas)
        try await world.handOver("n", [world.told("V1", nil, template: "discharge-notice")], to: People.nicolas)
        // In the log before the fact of a hand-over that was earlier.
        let recorded = pass(10, world)
        let late = try await world.record(FollowUpDeclined(followUp: "g", by: by, reason: .noCapacity), on: stream)
        try await world.handOver("p", [world.told("V1", "g")], to: People.nicolas, at: stated)
        let other = Attribution(rpps: People.amelie)
        try await world.record(FollowUpCompleted(followUp: "f", at: recorded, by: other, outcome: .done), on: stream)
        try world.catchUp()
        #expect(try world.ledger("V1").map { $0.acted?.kind } == [nil, .declined, .declined])
        #expect(try world.ledger("V1").last?.acted?.position == late.position)

        // What is about the pathway as a whole is about each of its follow-ups, and what is entered late was done when they say.
        _ = pass(10, world)
        try await world.record(HomeReturnConfirmed(at: stated, by: by, howKnown: .visit), on: stream)
        try world.catchUp()
        let acted = try #require(try world.ledger("V1").first?.acted)
        #expect(acted.kind == .homeReturnConfirmed && acted.at == stated && acted.followUps.isEmpty)
    }

    @Test func aBounceLeadsToTheNextChannel() async throws {
        let (world, item) = try await asked()
        try await world.handOver("m", [item], to: People.nicolas)
        let bounced = try await world.bounce("m", to: People.nicolas)
        let fallback = pass(30, world)
        try await world.handOver("m", [item], to: People.nicolas, .sms)
        try await world.deliver("m", to: People.nicolas, .sms)
        try world.catchUp()
        #expect(try world.ledger("V1", asOf: bounced).map(\.stage) == [.bounced])
        let line = try #require(try world.ledger("V1").first)
        #expect(try world.ledger("V1").count == 1)
        #expect(line.handOvers.map(\.channel) == [.mssante, .sms] && line.message.standing == [.sms] && line.stage == .delivered)
        #expect(line.bounces.map(\.reason) == [.unknownAddress] && line.bounces.first?.code == "5.1.1")
        #expect(line.deliveredAt == fallback && line.opened == nil)
    }

    @Test func whatCannotBeBroughtSaysWhoWasToldInstead() async throws {
        let (world, item) = try await asked()
        try await world.giveUp("m", [item], to: People.nicolas, told: People.camille)
        let alarm = world.told("V1", template: "undeliverable")
        try await world.handOver("n", [alarm], to: People.camille)
        _ = pass(1, world)
        let by = Attribution(rpps: People.nicolas)
        try await world.record(FollowUpAccepted(followUp: "f", at: world.clock.now, by: by), on: world.pathway("V1"))
        try world.catchUp()
        let lines = try world.ledger("V1")
        let line = try #require(lines.first)
        #expect(lines.map(\.recipient.rpps) == [People.nicolas, People.camille] && lines.map(\.stage) == [.undeliverable, .handedOver])
        #expect(line.undeliverable?.reason == .noChannel && line.undeliverable?.tried == [])
        #expect(line.told == ToDoItem.Person(rpps: People.camille, name: "Camille Moreau"))
        // Who was never told did not answer a message.
        #expect(line.urgency == nil && line.handedOverAt == nil && line.acted == nil)

        try await world.giveUp("n", [alarm], to: People.camille, tried: [.mssante, .sms], told: nil)
        try world.catchUp()
        let unreachable = try #require(try world.ledger(of: People.camille).lines.first)
        #expect(unreachable.undeliverable?.tried == [.mssante, .sms] && unreachable.undeliverable?.reason == .expired)
        #expect(unreachable.told == nil && unreachable.stage == .handedOver)
    }

    @Test func remindersAreOfTheSameMessage() async throws {
        let (world, item) = try await asked()
        for reminder in 0...2 {
            _ = pass(60, world)
            try await world.handOver("m", [item], to: People.nicolas, reminder: reminder)
        }
        try world.catchUp()
        let line = try #require(try world.ledger("V1").first)
        #expect(try world.ledger("V1").count == 1)
        #expect(line.reminder == 2 && line.handOvers.map(\.reminder) == [0, 1, 2] && line.handedOverAt == line.handOvers.first?.at)
    }

    @Test func theSameIdInTwoLedgersIsTwoMessages() async throws {
        let (world, item) = try await asked()
        for rpps in [People.nicolas, People.amelie] { try await world.handOver("m", [item], to: rpps) }
        try await world.open("m", by: People.amelie, .page, nil)
        try world.catchUp()
        #expect(try world.ledger("V1").map(\.stage) == [.handedOver, .opened])
        #expect(try world.ledger(of: People.amelie).lines.map(\.opened?.via) == [.page])
    }

    @Test(arguments: [1, 2, 3, 10]) func aLedgerIsReadPartByPart(limit: Int) async throws {
        let (world, _) = try await asked()
        // Every second message tells two things.
        for number in 0..<7 {
            let items = (0...(number % 2)).map { world.told("V1", "\(number)-\($0)") }
            try await world.handOver("m\(number)", items, to: People.nicolas)
            try await world.handOver("x\(number)", items, to: People.amelie)
        }
        try world.catchUp()
        let expected = (0..<7).flatMap { number in (0...(number % 2)).map { "\(number)-\($0)" } }
        for order in ToldPage.Order.allCases {
            var (told, after, parts): ([String], Int64?, Int) = ([], nil, 0)
            repeat {
                let page = try world.ledger(of: People.nicolas, after: after, limit: limit, order)
                #expect(Set(page.lines.map(\.message.id)).count <= limit && !page.lines.isEmpty)
                told += page.lines.compactMap(\.item.followUp)
                (after, parts) = (page.next, parts + 1)
            } while after != nil
            #expect(parts == (7 + limit - 1) / limit)
            let messages = order == .oldestFirst ? Array(0..<7) : (0..<7).reversed()
            #expect(told == messages.flatMap { number in expected.filter { $0.hasPrefix("\(number)-") } })
        }
    }

    @Test func whatNothingWasToldOfHasNoLedger() async throws {
        let (world, item) = try await asked()
        // Facts of a message that nothing is known of tell nobody of anything.
        try await world.deliver("unheard", to: People.nicolas)
        try world.catchUp()
        #expect(try world.ledger("V1").isEmpty && world.ledger("V9").isEmpty)
        #expect(try world.ledger(of: People.nicolas).lines.isEmpty && world.ledger(of: People.nicolas).next == nil)
        // It is no part of a pathway, and stands in the person's ledger.
        try await world.handOver("m", [ToldItem(event: item.event, template: "absence-notice")], to: People.nicolas)
        try world.catchUp()
        #expect(try world.ledger("V1").isEmpty && world.ledger(of: People.nicolas).lines.map(\.item.template) == ["absence-notice"])
    }

    @Test func nothingThatPeopleDoIsPassedOver() async throws {
        // The latest golden log has every type that is written.
        let url = try #require(Bundle.module.url(forResource: "log-v3", withExtension: "jsonl", subdirectory: "Golden"))
        var kinds: Set<LedgerAct.Kind> = []
        for line in try String(contentsOf: url, encoding: .utf8).split(separator: "\n") {
            let event = try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
            let (type, payload) = (try #require(event["type"] as? String), try #require(event["payload"] as? String))
            guard case .pathway(let read) = try DomainEvent(type: type, payload: Array(payload.utf8)) else { continue }
            let isWanted = NotificationsProjection.interests.contains(Swift.type(of: read.body).type)
            if read.reference != nil { #expect(isWanted, "\(type)") }
            guard payload.contains("\"by\":{") else { continue }
            let act = try #require(read.act, "\(type)")
            #expect(isWanted, "\(type)")
            kinds.insert(act.kind)
        }
        // In that log the only pathway that closes does so by itself.
        #expect(kinds.union([.pathwayClosed]) == Set(LedgerAct.Kind.allCases))
        let by = Attribution(rpps: People.camille, capacity: .referent)
        #expect(PathwayEvent.pathwayClosed(PathwayClosed(at: World.start, reason: .followedElsewhere, by: by)).act?.kind == .pathwayClosed)
        #expect(NotificationsProjection.interests.contains(PathwayClosed.type))
    }

    @Test func viewsThatWereMadeWithoutALedgerGetOne() async throws {
        let (world, item) = try await asked()
        try await world.handOver("m", [item], to: People.nicolas)
        try world.runner(of: ProjectionRunner.projections.filter { $0.name != NotificationsProjection.name }).catchUp()
        try world.catchUp()
        #expect(try world.ledger("V1").map(\.item) == [item])
        let digests = try world.digests()
        try world.runner().rebuildAll()
        #expect(try world.digests() == digests)
    }

    @Test func namesAreLeftOutWithoutADirectory() async throws {
        let world = try World()
        try await world.stay("V1")
        try await world.handOver("m", [world.told("V1")], to: People.nicolas)
        try world.catchUp()
        #expect(try world.ledger("V1").map(\.recipient) == [ToDoItem.Person(rpps: People.nicolas, name: nil)])
    }
}
