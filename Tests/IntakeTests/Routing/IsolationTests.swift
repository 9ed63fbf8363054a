import Coordination
import EventStore
import Foundation
import HL7v2
import Intake
import LogTesting
import Pathways
import TestSupport
import Testing
import Timekeeping

/// Two territories with logs, keys and directories of their own, and the same identifiers in both: nothing of one is found in the other.
/// Seeded; a failure names its seed.
@Suite struct IsolationTests {
    typealias Town = Territories.Town

    /// Byte for byte the same story of the same hospital in both: numbers of visits and patients, INS, professionals, control ids, request
    /// keys. All that is recorded is each territory's own.
    @Test(arguments: UInt64(1)...4)
    func theSameStoryInTwoTerritoriesMakesTwoStories(seed: UInt64) async throws {
        let here = try await Territories(onDisk: true)
        defer { try? FileManager.default.removeItem(at: here.directory) }
        var chance = SplitMix64(seed: seed)
        var frames: [[UInt8]] = []
        for number in 0..<6 {
            let home = here.towns[Int.random(in: 0..<2, using: &chance)]
            frames += Self.story("V\(number)", "P\(number % 3)", home: home, here, &chance).map(\.bytes)
        }
        var answers: [[[UInt8]]] = []
        for town in here.towns { answers.append(try await Self.deliver(frames.shuffled(using: &chance), to: town, frames)) }
        for town in here.towns { try await Self.planAndAccept(town, here) }

        let (west, east) = (try Contents(here.west), try Contents(here.east))
        #expect(west.events.count > 20 && !west.followUps.isEmpty, "seed \(seed)")
        #expect(west.streams.isDisjoint(with: east.streams), "seed \(seed)")
        #expect(west.ids.isDisjoint(with: east.ids), "seed \(seed)")
        #expect(west.followUps.isDisjoint(with: east.followUps), "seed \(seed)")
        #expect(west.leaves.isDisjoint(with: east.leaves), "seed \(seed)")
        // No link leads across: neither to a stream nor to an event, nor to a follow-up.
        #expect(west.causes.isSubset(of: west.ids) && east.causes.isSubset(of: east.ids), "seed \(seed)")
        for name in east.streams.map(\.hex) + east.followUps { #expect(!west.text.contains(name), "seed \(seed)") }
        for name in west.streams.map(\.hex) + west.followUps { #expect(!east.text.contains(name), "seed \(seed)") }

        // Each repetition gets its own territory's answer.
        for (town, first) in zip(here.towns, answers) {
            #expect(try await Self.deliver(frames, to: town, frames) == first, "seed \(seed)")
        }
        for (left, right) in zip(answers[0], answers[1]) { #expect(left != right, "seed \(seed)") }
        for town in here.towns { await town.log.close() }
    }

    /// Two hospitals that number alike, over one router: every patient's facts are in the log of their home, and there only.
    @Test(arguments: UInt64(11)...14)
    func routedByCommuneNothingCrossesOver(seed: UInt64) async throws {
        let here = try await Territories(onDisk: true)
        defer { try? FileManager.default.removeItem(at: here.directory) }
        var chance = SplitMix64(seed: seed)
        var queues: [[ADTMessage]] = []
        var homes: [String: String] = [:]
        for number in 0..<8 {
            // The second hospital's patient of that number lives in the other town.
            let first = Int.random(in: 0..<2, using: &chance)
            for (hospital, home) in [("CHT&850099995&N", here.towns[first]), ("CHB&850011110&N", here.towns[1 - first])] {
                let name = "MARQUE\(hospital.prefix(3))\(number)X"
                homes[name] = home.id
                queues.append(
                    Self.story("V\(number)", "P\(number)", home: home, here, &chance).map { message in
                        message.with("MSH-4", String(hospital.prefix(3))).with("PID-5", "\(name)^Louise^^^^^L")
                            .with("PID-3", message["PID-3"].replacing("CHT&850099995&N", with: hospital))
                            .with("PID-18", message["PID-18"].replacing("CHT&850099995&N", with: hospital))
                            .with("PV1-19", message["PV1-19"].replacing("CHT&850099995&N", with: hospital))
                    }
                )
            }
        }
        var sent: [(message: ADTMessage, answer: Territories.Answer)] = []
        while !queues.isEmpty {
            let index = Int.random(in: queues.indices, using: &chance)
            let message = queues[index].removeFirst()
            if queues[index].isEmpty { queues.remove(at: index) }
            sent.append((message, try await here.send(message)))
        }
        for town in here.towns { try await Self.planAndAccept(town, here) }

        let contents = try here.towns.map { try Contents($0) }
        for (town, content) in zip(here.towns, contents) {
            for (name, home) in homes { #expect(content.text.contains(name) == (home == town.id), "seed \(seed), \(name)") }
        }
        #expect(
            contents[0].streams.isDisjoint(with: contents[1].streams) && contents[0].followUps.isDisjoint(with: contents[1].followUps),
            "seed \(seed)"
        )
        #expect(contents.map(\.received).reduce(0, +) == sent.count, "seed \(seed)")

        for (message, answer) in sent {
            #expect(answer.code == "AA" && answer.territories.count == 1, "seed \(seed)")
            let keepers = try here.towns.filter { try Self.keeps(message, $0) }
            #expect(keepers.map(\.id) == answer.territories, "seed \(seed)")
            let again = try await here.send(message)
            #expect(again.bytes == answer.bytes && again.territories == answer.territories, "seed \(seed)")
        }
        #expect(try here.towns.map { try Contents($0).events.count } == contents.map(\.events.count), "seed \(seed)")
        for town in here.towns { await town.log.close() }
    }

    // MARK: - Stories

    /// An admission, perhaps a transfer, a discharge.
    private static func story(_ visit: String, _ patient: String, home: Town, _ here: Territories, _ chance: inout SplitMix64) -> [ADTMessage] {
        var triggers = ["A01"]
        if Bool.random(using: &chance) { triggers.append("A02") }
        triggers.append("A03")
        return triggers.enumerated().map { index, trigger in
            var message = here.message(trigger, visit: visit, patient: patient, home: home, movement: "\(index + 1)", control: "\(visit)-\(index)")
            message["PID-3"] = message["PID-3"] + "~279035121518989^^^ASIP-SANTE-INS-NIR&1.2.250.1.213.1.4.10&ISO^INS"
            message["PID-32"] = "VALI"
            return message
        }
    }

    /// - Returns: the answers, in the order of `frames`.
    private static func deliver(_ order: [[UInt8]], to town: Town, _ frames: [[UInt8]]) async throws -> [[UInt8]] {
        var answers: [[UInt8]: [UInt8]] = [:]
        for frame in order {
            guard case .acknowledge(let bytes, _) = await town.intake.receive(frame) else { throw Station.NotAnswered() }
            answers[frame] = bytes
        }
        return try frames.map { try #require(answers[$0]) }
    }

    /// Plans everything; the one nurse of both directories accepts what she is asked, under the same request keys everywhere, twice.
    private static func planAndAccept(_ town: Town, _ here: Territories) async throws {
        let store = try SQLiteReactorStore(path: here.directory.appending(path: "\(town.id)-reactors.sqlite").path)
        let reactor = PlannerReactor(planner: FollowUpPlanner(coordinator: town.coordinator), deadlines: SQLiteDeadlineStore(store: store))
        let planner = ReactorFollower(reactor, store: store, log: town.log, time: town.coordinator.time)
        let events = try town.log.read(after: 0, limit: 100_000)
        try await planner.handle(EventPage(events: events, checkpoint: FollowerCheckpoint(position: Int64(events.count), epoch: town.log.epoch)))
        let caller = try Caller(urn: Territories.nurse, in: try town.coordinator.loader.territory(town.coordinator.streams.territory).state)
        let pathways = Set(events.filter { $0.type == PatientAdmitted.type }.map(\.stream)).sorted()
        for (index, pathway) in pathways.enumerated() {
            let asked = try town.coordinator.loader.pathway(pathway).state.followUps.filter {
                $0.pendingOffers.contains { $0.to == Territories.nurse }
            }
            for (step, followUp) in asked.enumerated() {
                let key = RequestKey(key: "request-\(index)-\(step)", body: Array("accept".utf8))
                for isRepeated in [false, true] {
                    let outcome = try await FollowUpDesk(coordinator: town.coordinator)
                        .perform(.accept, on: followUp.id, in: pathway, by: caller, key: key)
                    if case .repeated = outcome { #expect(isRepeated) } else { #expect(!isRepeated) }
                }
            }
        }
    }

    private static func keeps(_ message: ADTMessage, _ town: Town) throws -> Bool {
        let key = "\(message["MSH-3"])|\(message["MSH-4"])|\(message["MSH-10"])"
        let command = CommandKey(scope: "hl7/\(message["MSH-4"])/\(message["MSH-3"])", key: key, body: [], match: .keyAlone)
        return try town.coordinator.precedent(of: command) != .none
    }

    /// All that a log holds of its patients, and the names in it.
    private struct Contents {
        let events: [RecordedEvent]
        let streams: Set<StreamID>
        let ids: Set<EventID>
        let causes: Set<EventID>
        let leaves: Set<Hash256>
        let followUps: Set<String>
        let received: Int
        /// Payloads and frames.
        let text: String

        init(_ town: Town) throws {
            events = try town.events
            streams = Set(events.map(\.stream))
            ids = Set(events.map(\.id))
            causes = Set(events.compactMap(\.causation) + events.compactMap(\.correlation))
            leaves = Set(events.map(\.leafHash))
            received = events.count { $0.type == MessageReceived.type }
            followUps = Set(
                try events.filter { $0.type == FollowUpsPlanned.type }
                    .flatMap { try FollowUpsPlanned(payload: $0.payload).followUps.map(\.id) }
            )
            let bytes = try events.map { $0.payload + (try town.log.attachment(of: $0.position) ?? []) }
            text = bytes.map { String(decoding: $0, as: UTF8.self) }.joined(separator: "\n")
        }
    }
}
