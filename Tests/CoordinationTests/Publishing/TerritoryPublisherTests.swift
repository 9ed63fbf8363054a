import Coordination
import EventStore
import Pathways
import TestSupport
import Testing
import Timekeeping

@Suite struct TerritoryPublisherTests {
    private func publish(_ territory: SmallTerritory, in world: World, by coordinator: Coordinator? = nil) async throws -> TerritoryPublisher.Result {
        try await TerritoryPublisher(coordinator: coordinator ?? world.coordinator)
            .publish(territory: territory.yaml, file: "test.yaml", by: world.author)
    }

    private func difference(_ result: TerritoryPublisher.Result) -> [String]? {
        if case .published(let difference, _) = result { difference } else { nil }
    }

    @Test(arguments: LogKind.allCases)
    func firstThenUnchangedThenDifferent(kind: LogKind) async throws {
        let world = try await World(kind, publishing: nil)
        var territory = SmallTerritory()
        let first = try await publish(territory, in: world)
        #expect(difference(first)?.first == "+ territory test-territory CPTS d'essai")
        #expect(difference(first)?.count { $0.hasPrefix("+ professional") } == territory.people.count)
        #expect(try world.head() == 1)

        #expect(try await publish(territory, in: world) == .unchanged)
        #expect(try world.head() == 1)

        territory.version = 2
        let gone = territory.people.removeLast()
        let second = try await publish(territory, in: world)
        #expect(difference(second) == ["- professional \(gone.rpps) Camille Essai"])
        #expect(try world.recorded(World.streams.territory).map(\.type) == [TerritoryPublished.type, TerritoryPublished.type])

        // Back to the first: what counts is what is in force, not what was published once.
        territory.version = 1
        territory.people.append(gone)
        #expect(difference(try await publish(territory, in: world)) == ["+ professional \(gone.rpps) Camille Essai"])
    }

    @Test func protocolsArePublishedByTheirId() async throws {
        let world = try await World(publishing: nil)
        let publisher = TerritoryPublisher(coordinator: world.coordinator)
        let file = try #require(BundledFiles.protocols.first { $0.name == "plain-home-discharge.yaml" })
        let first = try await publisher.publish(protocol: file.yaml, file: file.name, by: world.author)
        let parsed = try ProtocolFile.parse(yaml: file.yaml, file: file.name)
        #expect(difference(first)?.count { $0.hasPrefix("+ rule") } == parsed.rules.count)
        #expect(try await publisher.publish(protocol: file.yaml, file: file.name, by: world.author) == .unchanged)
        let next = file.yaml.replacing("\nversion: \(parsed.version)\n", with: "\nversion: \(parsed.version + 1)\n")
            .replacing("value: J0+48h", with: "value: J0+24h")
        let second = try #require(difference(try await publisher.publish(protocol: next, file: file.name, by: world.author)))
        #expect(second.count == 2)
        #expect(second.contains { $0.hasPrefix("~ rule nurse-first-visit") })
    }

    /// One number is one content: plans name the version that they were made under.
    @Test(arguments: LogKind.allCases)
    func aVersionIsPublishedOnce(kind: LogKind) async throws {
        let world = try await World(kind)
        let publisher = TerritoryPublisher(coordinator: world.coordinator)
        _ = try await publisher.publish(protocol: LoopProtocol(version: 3).yaml, file: "loop", by: world.author)
        let head = try world.head()
        for version in [3, 2] {
            await #expect(
                performing: {
                    _ = try await publisher.publish(protocol: LoopProtocol(version: version, waveSize: 5).yaml, file: "loop", by: world.author)
                },
                throws: { error in
                    guard let rejection = error as? Rejection else { return false }
                    let words = ["version 3", "raise it to 4"]
                    return rejection.code == .versionPublished && words.allSatisfy(rejection.message.contains)
                }
            )
        }
        #expect(try await publisher.publish(protocol: LoopProtocol(version: 3).yaml, file: "loop", by: world.author) == .unchanged)
        #expect(try world.head() == head)
        let next = try await publisher.publish(protocol: LoopProtocol(version: 4, waveSize: 5).yaml, file: "loop", by: world.author)
        #expect(difference(next)?.isEmpty == false)
    }

    @Test(arguments: LogKind.allCases)
    func concurrentPublicationsFollowOneAnother(kind: LogKind) async throws {
        let world = try await World(kind, publishing: nil)
        let names = (1...6).map { "CPTS numéro \($0)" }
        // Each twice, by two coordinators that do not know of each other.
        let results = try await withThrowingTaskGroup(of: TerritoryPublisher.Result.self) { group in
            for name in names {
                for coordinator in [world.coordinator, world.anotherCoordinator()] {
                    var territory = SmallTerritory()
                    territory.name = name
                    group.addTask { [territory] in try await publish(territory, in: world, by: coordinator) }
                }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        let events = try world.recorded(World.streams.territory)
        let digests = try events.map { try TerritoryPublished(payload: $0.payload).digest }
        #expect(results.count == 12)
        #expect(results.compactMap(difference).count == events.count)
        #expect(events.count >= 6)
        // Nothing was published over itself, and each difference was taken against what was then in force.
        #expect(zip(digests, digests.dropFirst()).allSatisfy { $0 != $1 })
        #expect(results.compactMap(difference).count { $0.first?.hasPrefix("+ territory") == true } == 1)
        #expect(results.compactMap(difference).count { $0.count == 1 } == events.count - 1)
    }

    @Test(arguments: LogKind.allCases)
    func aFaultyFilePublishesNothing(kind: LogKind) async throws {
        let world = try await World(kind, publishing: nil)
        var territory = SmallTerritory()
        territory.finess = "850099996"
        await #expect(
            performing: { _ = try await publish(territory, in: world) },
            throws: { error in
                guard let errors = error as? FileErrors else { return false }
                return errors.problems.count == 1 && errors.problems.first?.file == "test.yaml"
                    && errors.problems.first?.path.hasSuffix("finess") == true
            }
        )
        await #expect(throws: FileErrors.self) {
            _ = try await TerritoryPublisher(coordinator: world.coordinator)
                .publish(protocol: "id: x\nrules: []\n", file: "p.yaml", by: world.author)
        }
        #expect(try world.head() == 0)
    }

    @Test func onlyWhatIsPublishedCounts() async throws {
        let world = try await World()
        try await world.returnHome("V1")
        let laggard = world.anotherCoordinator()
        _ = try laggard.loader.territory(World.streams.territory)

        var fewer = SmallTerritory()
        fewer.people.removeAll { $0.role == "nurse" && $0.rpps != Staff.nurses[3] }
        try await world.admit("V2")
        try await world.discharge("V2")
        // The new directory is known here and not published: it weighs nothing.
        let before = try await laggard.perform(nil) { work in [UInt8(try work.territory().territory?.professionals.count { $0.role == .nurse } ?? 0)]
        }
        #expect(before == .done(answer: [UInt8(Staff.nurses.count)], position: try world.head()))

        _ = try await publish(fewer, in: world)
        // Even a coordinator that remembers the old one decides under the new one, and says which.
        try await world.catchUp(world.follower(try world.store(), laggard))
        let nurse = try world.followUp("nurse-first-visit", of: "V2")
        #expect(nurse.assignment?.order == [Staff.nurses[3]])
        let offers = try world.events("V2").compactMap { if case .offersMade(let body) = $0 { body.directoryVersion } else { nil } }
        #expect(offers == [try world.log.version(of: World.streams.territory)])
        #expect(try world.followUp("nurse-first-visit", of: "V1").assignment?.order.count == Staff.nurses.count)
    }

    @Test(arguments: LogKind.allCases)
    func siteProfilesArePublishedByTheirId(kind: LogKind) async throws {
        let world = try await World(kind)
        let publisher = TerritoryPublisher(coordinator: world.coordinator)
        let yaml = """
            id: cht-site
            version: 1
            title: Centre hospitalier d'essai
            date: 2026-11-01
            senders:
              - {facility: CHT}
            zbe: lenient

            """
        let first = try await publisher.publish(siteProfile: yaml, file: "cht.yaml", by: world.author)
        #expect(difference(first) == ["+ site profile cht-site, version 1"])
        #expect(try await publisher.publish(siteProfile: yaml, file: "cht.yaml", by: world.author) == .unchanged)
        let sender = HL7Sender(application: "SIMHOSP", facility: "CHT")
        #expect(try world.coordinator.loader.territory(World.streams.territory).state.siteProfile(for: sender)?.profile.isZBELenient == true)

        let next = yaml.replacing("version: 1", with: "version: 2").replacing("zbe: lenient", with: "reinsert: update")
        let second = try await publisher.publish(siteProfile: next, file: "cht.yaml", by: world.author)
        #expect(difference(second) == ["~ version 1 → 2", "~ zbe", "~ reinsert"])
        let found = try #require(try world.coordinator.loader.territory(World.streams.territory).state.siteProfile(for: sender))
        #expect(!found.profile.isZBELenient && found.profile.reinsertsUpdate && found.digest == Hash256.of(Array(next.utf8)).hex)
        // A territory that is read anew says the same.
        let afresh = try world.anotherCoordinator().loader.territory(World.streams.territory).state
        #expect(afresh.siteProfile(for: sender)?.digest == found.digest)
        #expect(afresh.siteProfile(for: HL7Sender(application: "SIMHOSP", facility: "AUTRE")) == nil)

        let head = try world.head()
        await #expect(throws: FileErrors.self) {
            try await publisher.publish(siteProfile: yaml.replacing("lenient", with: "loose"), file: "cht.yaml", by: world.author)
        }
        #expect(try world.head() == head)
    }
}
