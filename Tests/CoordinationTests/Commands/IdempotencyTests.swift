import Coordination
import Crypto
import EventStore
import Foundation
import Pathways
import TestSupport
import Testing
import Timekeeping

/// I4: what a repeated command gets.
@Suite struct IdempotencyTests {
    private func key(_ text: String, body: [UInt8] = [1], match: CommandKey.Match = .keyAndBody) -> CommandKey {
        CommandKey(scope: "test", key: text, body: body, match: match)
    }

    private func note(_ world: World, _ work: inout UnitOfWork, answer: String) throws -> [UInt8] {
        let followUp = try work.pathway(world.pathway()).followUps[0].id
        let command = PathwayCommand.note(followUp: followUp, by: Attribution(rpps: Staff.referent), text: "vu")
        try work.decide(command, on: world.pathway(), by: world.author)
        return Array(answer.utf8)
    }

    @Test(arguments: LogKind.allCases)
    func theSameKeyAndBodyGetTheFirstAnswer(kind: LogKind) async throws {
        let world = try await World(kind)
        try await world.returnHome()
        let first = try await world.coordinator.perform(key("k")) { try note(world, &$0, answer: "first") }
        let head = try world.head()
        let second = try await world.anotherCoordinator().perform(key("k")) { try note(world, &$0, answer: "second") }
        #expect(first == .done(answer: Array("first".utf8), position: head))
        #expect(second == .repeated(answer: Array("first".utf8), position: head))
        #expect(second.position == head)
        #expect(try world.head() == head)
    }

    @Test(arguments: LogKind.allCases)
    func thatThereWasNothingToDoIsRememberedToo(kind: LogKind) async throws {
        let world = try await World(kind)
        let head = try world.head()
        let first = try await world.coordinator.perform(key("k")) { _ in Array("none".utf8) }
        let second = try await world.coordinator.perform(key("k")) { _ in Array("some".utf8) }
        #expect(first == .done(answer: Array("none".utf8), position: head))
        #expect(second == .repeated(answer: Array("none".utf8), position: head))
        #expect(try world.head() == head)
    }

    @Test(arguments: LogKind.allCases)
    func anotherBodyUnderTheKeyIsRefusedAndRecorded(kind: LogKind) async throws {
        let world = try await World(kind)
        try await world.returnHome()
        let followUp = try world.followUp("nurse-first-visit")
        let nurse = try #require(followUp.pendingOffers.first?.to)
        let desk = FollowUpDesk(coordinator: world.coordinator)
        let caller = try world.caller(nurse)
        _ = try await desk.perform(.note("a"), on: followUp.id, in: world.pathway(), by: caller, key: RequestKey(key: "secret", body: [1]))
        let head = try world.head()
        await #expect(
            performing: {
                _ = try await desk.perform(.note("b"), on: followUp.id, in: world.pathway(), by: caller, key: RequestKey(key: "secret", body: [2]))
            },
            throws: { ($0 as? EventStoreError)?.code == .commandKeyReused }
        )

        let refused = try world.log.read(after: head, limit: 10)
        #expect(refused.map(\.type) == [CommandKeyReused.type])
        #expect(refused.first?.stream == World.streams.intake(facility: "relais", application: "api"))
        #expect(refused.first?.actor == "urn:rpps:\(nurse)")
        let body = try CommandKeyReused(payload: try #require(refused.first).payload)
        #expect(body.scope == "api")
        #expect(body.keyDigest.count == 64 && body.keyDigest != Hash256.of(Array("\(nurse)/secret".utf8)).hex)
        #expect(try world.count(FollowUpNoted.type) == 1)
    }

    @Test(arguments: LogKind.allCases)
    func theKeysOfTwoCallersAreTwo(kind: LogKind) async throws {
        let world = try await World(kind)
        try await world.returnHome()
        let followUp = try world.followUp("nurse-first-visit")
        let desk = FollowUpDesk(coordinator: world.coordinator)
        for (body, offer) in followUp.pendingOffers.prefix(2).enumerated() {
            let key = RequestKey(key: "1", body: [UInt8(body)])
            _ = try await desk.perform(.note("vu"), on: followUp.id, in: world.pathway(), by: try world.caller(offer.to), key: key)
        }
        #expect(try world.count(FollowUpNoted.type) == 2)
    }

    /// A retry of what was done is answered even when it would be refused by now.
    @Test(arguments: LogKind.allCases)
    func aRepetitionIsAnsweredWhateverHappenedSince(kind: LogKind) async throws {
        let world = try await World(kind)
        try await world.returnHome()
        let followUp = try world.followUp("nurse-first-visit")
        let nurse = try world.caller(try #require(followUp.pendingOffers.first?.to))
        let desk = FollowUpDesk(coordinator: world.coordinator)
        let accept = RequestKey(key: "a", body: Array("accept".utf8))
        let done = try await desk.perform(.accept, on: followUp.id, in: world.pathway(), by: nurse, key: accept)
        _ = try await desk.perform(.decline(.absent), on: followUp.id, in: world.pathway(), by: nurse, key: nil)

        let again = try await desk.perform(.accept, on: followUp.id, in: world.pathway(), by: nurse, key: accept)
        #expect(again == .repeated(answer: [], position: done.position))
        await #expect(
            performing: {
                let other = RequestKey(key: "a", body: Array("other".utf8))
                _ = try await desk.perform(.accept, on: followUp.id, in: world.pathway(), by: nurse, key: other)
            },
            throws: { ($0 as? EventStoreError)?.code == .commandKeyReused }
        )
        #expect(try world.count(CommandKeyReused.type) == 1)
        #expect(try world.followUp("nurse-first-visit").status == .open)
    }

    @Test(arguments: LogKind.allCases)
    func theKeysOfProcessManagersMatchByThemselves(kind: LogKind) async throws {
        let world = try await World(kind)
        try await world.returnHome()
        let key = { (body: UInt8) in self.key("cause/step", body: [body], match: .keyAlone) }
        let first = try await world.coordinator.perform(key(1)) { try note(world, &$0, answer: "first") }
        let second = try await world.coordinator.perform(key(2)) { try note(world, &$0, answer: "second") }
        #expect(second == .repeated(answer: Array("first".utf8), position: first.position))
        #expect(try world.count(FollowUpNoted.type) == 1)
    }

    @Test(arguments: LogKind.allCases)
    func aRefusedCommandLeavesItsKeyFree(kind: LogKind) async throws {
        let world = try await World(kind)
        try await world.admit()
        let desk = HospitalDesk(coordinator: world.coordinator)
        let caller = try world.caller(Staff.referent)
        let key = RequestKey(key: "k", body: [])
        let step = HospitalDesk.Step.confirmHomeReturn(at: World.start, .visit)
        await #expect(throws: Rejection.self) { _ = try await desk.perform(step, on: world.pathway(), by: caller, key: key) }
        try await world.discharge()
        _ = try await desk.perform(step, on: world.pathway(), by: caller, key: key)
        #expect(try world.state().status == .atHome)
    }

    /// A command outlives the erasure of whom it is about: whoever holds the log alone must not be able to try out what it was.
    @Test func theLogHoldsNothingOfACommandThatCanBeGuessed() async throws {
        let world = try await World(.sqlite)
        try await world.returnHome()
        let guess = Array("{\"note\":\"oui\"}".utf8)
        let command = CommandKey(scope: "api", key: "99999000010/1", body: guess, match: .keyAndBody)
        _ = try await world.coordinator.perform(command) { try note(world, &$0, answer: "") }
        let directory = "\(world.directory.path)/data"
        let files = try FileManager.default.contentsOfDirectory(atPath: directory).filter { $0.hasPrefix("log.sqlite") }
        let bytes = files.reduce(into: Data()) { $0 += FileManager.default.contents(atPath: "\(directory)/\($1)") ?? Data() }
        #expect(bytes.range(of: Data(Hash256.of(guess).bytes)) == nil)
        #expect(try world.log.command(scope: command.scope, key: command.key) == nil)

        let coordinator = world.coordinator
        #expect(try coordinator.precedent(of: command) == .same)
        #expect(try coordinator.precedent(of: CommandKey(scope: "api", key: command.key, body: [], match: .keyAndBody)) == .other)
        #expect(try coordinator.precedent(of: CommandKey(scope: "api", key: "2", body: guess, match: .keyAndBody)) == .none)
        #expect(try coordinator.precedent(of: CommandKey(scope: "hl7", key: command.key, body: guess, match: .keyAndBody)) == .none)
        let naming = StreamNaming(key: SymmetricKey(data: [UInt8](repeating: 8, count: 32)))
        let other = Coordinator(
            log: world.log,
            sealer: PlainSealer(),
            streams: StreamNames(naming: naming, territory: "test-territory"),
            time: world.clock.source,
            ids: coordinator.ids
        )
        #expect(try other.precedent(of: command) == .none)
    }
}
