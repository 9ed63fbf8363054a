import Coordination
import EventStore
import Pathways
import TestSupport
import Testing
import Timekeeping

/// I5 across streams: identity, merges, moved dossiers and deaths end in the same stays, patients and open follow-ups, whatever the order in
/// which the messages come, however often, and wherever the planner ran between them.
@Suite struct StoryPermutationTests {
    struct Case: Sendable, CustomStringConvertible {
        let story: HospitalStory
        var visits: [String: String]
        let patients: [String]
        /// Follow-ups that are open in the end.
        let open: Int
        /// Reports that wait in the end, because they name somebody else.
        var waiting = 0
        var description: String { story.description }
    }

    static let cases: [Case] = [
        Case(
            story: HospitalStory("a dossier is moved, and some still name the old patient")
                .insert(.admission, "1", hours: 48, naming: "X")
                .move(from: "X", to: "Y")
                .identify("Y", name: "NOUVEAU")
                .insert(.discharge, "3", hours: 0, naming: "Y", to: .home)
                .insert(.transfer, "2", hours: 24, naming: "X"),
            visits: ["V": "Y"],
            patients: ["X", "Y"],
            open: 4
        ),
        Case(
            story: HospitalStory("a dossier is moved twice")
                .insert(.admission, "1", hours: 48, naming: "X")
                .move(from: "X", to: "Y")
                .move(from: "Y", to: "Z")
                .insert(.discharge, "3", hours: 0, naming: "Z", to: .home)
                .identify("Z", name: "DERNIER"),
            visits: ["V": "Z"],
            patients: ["X", "Y", "Z"],
            open: 4
        ),
        Case(
            story: HospitalStory("a dossier is moved to the wrong patient, then to the right one")
                .insert(.admission, "1", hours: 48, naming: "X")
                .move(from: "X", to: "Y")
                .move(from: "X", to: "Z")
                .insert(.discharge, "3", hours: 0, naming: "Z", to: .home),
            visits: ["V": "Z"],
            patients: ["X", "Y", "Z"],
            open: 4
        ),
        Case(
            story: HospitalStory("a visit ends in death after another led home")
                .insert(.admission, "1", hours: 96, naming: "X")
                .insert(.discharge, "2", hours: 12, naming: "X", to: .home)
                .insert(.admission, "1", hours: 6, of: "W", naming: "X", account: "E")
                .insert(.discharge, "2", hours: 2, of: "W", naming: "X", to: .death, account: "E"),
            visits: ["V": "X", "W": "X"],
            patients: ["X"],
            open: 0
        ),
        Case(
            story: HospitalStory("a dossier of a merged number is moved")
                .insert(.admission, "1", hours: 48, naming: "X")
                .merge("X", into: "Y")
                .move(from: "Y", to: "Z")
                .insert(.transfer, "2", hours: 24, naming: "X")
                .insert(.discharge, "3", hours: 0, naming: "Z", to: .home),
            visits: ["V": "Z"],
            patients: ["X", "Y", "Z"],
            open: 4
        ),
        Case(
            story: HospitalStory("merged twice during a stay")
                .insert(.admission, "1", hours: 48, naming: "X", account: nil)
                .merge("X", into: "Y")
                .merge("Y", into: "Z")
                .insert(.discharge, "3", hours: 0, naming: "Z", to: .home, account: nil),
            visits: ["V": "X"],
            patients: ["X", "Y", "Z"],
            open: 4
        ),
        Case(
            story: HospitalStory("two numbers are merged during a stay")
                .identify("X", name: "ANCIEN")
                .insert(.admission, "1", hours: 48, naming: "X", account: nil)
                .merge("X", into: "Y")
                .identify("Y", name: "NOUVEAU")
                .insert(.discharge, "3", hours: 0, naming: "Y", to: .home, account: nil),
            // Under the number that its beginning names: it is one person.
            visits: ["V": "X"],
            patients: ["X", "Y"],
            open: 4
        ),
        Case(
            story: HospitalStory("a qualified identity is changed, restored and withdrawn")
                .identify("X", name: "DURAND", ins: true)
                .identify("X", name: "DUPONT")
                .identify("X", name: "DURAND", ins: true)
                .identify("X", withdrawsINS: true)
                .insert(.admission, "1", hours: 48, naming: "X"),
            visits: ["V": "X"],
            patients: ["X"],
            open: 0
        ),
        Case(
            story: HospitalStory("a death in another visit is taken back")
                .insert(.admission, "1", hours: 96, naming: "X")
                .insert(.discharge, "2", hours: 12, naming: "X", to: .home)
                .insert(.admission, "1", hours: 6, of: "W", naming: "X", account: "E")
                .insert(.discharge, "2", hours: 2, of: "W", naming: "X", to: .death, account: "E")
                .cancel(.discharge, "2", of: "W", naming: "X"),
            visits: ["V": "X", "W": "X"],
            patients: ["X"],
            open: 4
        ),
        Case(
            story: HospitalStory("a death is told, not mentioned, and taken back")
                .insert(.admission, "1", hours: 48, naming: "X")
                .insert(.discharge, "2", hours: 0, naming: "X", to: .home)
                .identify("X", deceased: true)
                .identify("X", name: "ESSAI")
                .identify("X", deceased: false),
            visits: ["V": "X"],
            patients: ["X"],
            open: 4
        ),
        Case(
            story: HospitalStory("the number merged in is dead")
                .insert(.admission, "1", hours: 48, naming: "X")
                .insert(.discharge, "2", hours: 0, naming: "X", to: .home)
                .merge("Y", into: "X")
                .identify("Y", deceased: true),
            visits: ["V": "X"],
            patients: ["X", "Y"],
            open: 0
        ),
    ]

    /// Whose a visit is, where what was stated of it names several.
    static let contested: [Case] = [
        Case(
            story: HospitalStory("two beginnings name two patients")
                .insert(.admission, "1", hours: 48, naming: "X")
                .insert(.admission, "2", hours: 47, naming: "Y")
                .insert(.transfer, "3", hours: 24, naming: "Y")
                .insert(.discharge, "4", hours: 0, naming: "X", to: .home),
            visits: ["V": "X"],
            patients: ["X", "Y"],
            open: 4,
            waiting: 2
        ),
        Case(
            story: HospitalStory("the patient of the first beginning was the wrong one")
                .insert(.admission, "1", hours: 48, naming: "X")
                .cancel(.admission, "1", naming: "X")
                .insert(.admission, "2", hours: 47, naming: "Y")
                .insert(.discharge, "3", hours: 0, naming: "Y", to: .home),
            visits: ["V": "Y"],
            patients: ["X", "Y"],
            open: 4,
            waiting: 2
        ),
        Case(
            story: HospitalStory("two numbers are merged by mistake during a stay")
                .insert(.admission, "1", hours: 48, naming: "X")
                .merge("X", into: "Y")
                .insert(.transfer, "2", hours: 24, naming: "Y")
                .unmerge("X", from: "Y")
                .insert(.discharge, "3", hours: 0, naming: "X", to: .home),
            visits: ["V": "X"],
            patients: ["X", "Y"],
            open: 4,
            waiting: 1
        ),
        Case(
            story: HospitalStory("an un-merge takes the discharge away")
                .insert(.transfer, "2", hours: 24, naming: "X")
                .merge("Y", into: "X")
                .insert(.discharge, "3", hours: 0, naming: "Y", to: .home)
                .unmerge("Y", from: "X")
                .insert(.admission, "1", hours: 48, naming: "X"),
            visits: ["V": "X"],
            patients: ["X", "Y"],
            open: 0,
            waiting: 1
        ),
        Case(
            story: HospitalStory("an un-merge gives the visit to whoever was announced")
                .insert(.preadmission, "1", hours: 72, naming: "Y")
                .insert(.admission, "2", hours: 48, naming: "X", account: nil)
                .merge("X", into: "Y")
                .insert(.discharge, "3", hours: 0, naming: "X", to: .home)
                .unmerge("X", from: "Y"),
            visits: ["V": "Y"],
            patients: ["X", "Y"],
            open: 0,
            waiting: 2
        ),
        Case(
            story: HospitalStory("both numbers take a beginning back, and are two persons")
                .insert(.admission, "1", hours: 48, naming: "X")
                .merge("X", into: "Y")
                .cancel(.admission, "1", naming: "Y")
                .cancel(.admission, "1", naming: "X")
                .unmerge("X", from: "Y"),
            visits: ["V": "X"],
            patients: ["X", "Y"],
            open: 0,
            waiting: 1
        ),
        Case(
            story: HospitalStory("a dossier is moved after an un-merge")
                .insert(.admission, "1", hours: 48, naming: "X")
                .merge("X", into: "Y")
                .unmerge("X", from: "Y")
                .move(from: "X", to: "Z")
                .insert(.discharge, "2", hours: 0, naming: "Z", to: .home),
            visits: ["V": "Z"],
            patients: ["X", "Y", "Z"],
            open: 4
        ),
        Case(
            story: HospitalStory("merged into one, then into another")
                .insert(.admission, "1", hours: 48, naming: "X")
                .merge("X", into: "Y")
                .insert(.transfer, "2", hours: 24, naming: "Y")
                .merge("X", into: "Z")
                .insert(.discharge, "3", hours: 0, naming: "Z", to: .home),
            visits: ["V": "X"],
            patients: ["X", "Y", "Z"],
            open: 4,
            waiting: 1
        ),
    ]

    private struct Claim: Hashable {
        let patient: String
        let report: VisitReport
    }

    private struct Visit: Hashable {
        let stay: Stay
        let movements: [StatedMovement]
        let held: [VisitReport]
        let claims: Set<Claim>
        let open: Set<String>
    }

    private struct Person: Hashable {
        let name: String?
        let ins: INS?
        let reliability: [String]?
        let deceased: Bool?
        /// The number that goes on, and all of them.
        let survivor: String?
        let numbers: Set<String>
    }

    private struct End: Hashable {
        var visits: [String: Visit] = [:]
        var persons: [String: Person] = [:]
    }

    private static func end(_ given: Case, _ telling: String, in world: World) throws -> (End, owners: [String: String]) {
        var end = End()
        var owners: [String: String] = [:]
        let visits = Set(given.story.messages.compactMap { if case .report(_, let visit, _, _) = $0.content { visit } else { nil } })
        for visit in visits {
            let pathway = try world.state(visit + telling)
            let open = pathway.followUps.filter(\.status.isPending)
            end.visits[visit] = Visit(
                stay: pathway.stay,
                movements: pathway.history.movements,
                held: pathway.history.held,
                claims: Set(pathway.claims.map { Claim(patient: String($0.pathway.patient.value.dropLast(telling.count)), report: $0.report) }),
                open: Set(open.map { "\($0.plan.rule) \($0.plan.movement.value) \($0.plan.dueBy.rfc3339)" })
            )
            owners[visit] = pathway.reference.map { String($0.patient.value.dropLast(telling.count)) }
        }
        let streams = given.patients.map { ($0, World.streams.patient(World.number($0, telling))) }
        for (name, stream) in streams {
            let patient = try world.coordinator.loader.patient(stream).state
            let numbers = try world.coordinator.loader.person(of: stream)
            // The streams of one telling are not those of another.
            let names = numbers.compactMap { number in given.patients.first { World.streams.patient(World.number($0, telling)) == number } }
            end.persons[name] = Person(
                name: patient.identity?.birthFamilyName,
                ins: patient.identity?.ins,
                reliability: patient.identity?.reliability,
                deceased: patient.identity?.deceased,
                survivor: names.first,
                numbers: Set(names)
            )
        }
        return (end, owners)
    }

    @Test(arguments: (cases + contested).indices) func endsTheSameInEveryOrder(_ index: Int) async throws {
        let given = (Self.cases + Self.contested)[index]
        let messages = given.story.messages
        let seed = UInt64(index + 1)
        var chance = SplitMix64(seed: seed)
        let world = try await World(seed: seed)
        let store = try world.store()
        for message in messages { try await world.state(message) }
        try await world.catchUp(world.follower(store))
        let (wanted, _) = try Self.end(given, "", in: world)
        #expect(wanted.visits.values.reduce(0) { $0 + $1.open.count } == given.open)
        #expect(wanted.visits.values.reduce(0) { $0 + $1.claims.count } == given.waiting)
        #expect(wanted.visits.values.allSatisfy(\.held.isEmpty) || given.waiting > 0)

        let orders = permutations(of: Array(messages.indices))
        for (number, order) in orders.enumerated() {
            let telling = "-\(number)"
            for (place, index) in order.enumerated() {
                try await world.state(messages[index], telling: telling)
                if Int.random(in: 0..<3, using: &chance) == 0 {
                    try await world.state(messages[order[Int.random(in: 0...place, using: &chance)]], telling: telling)
                }
                if Int.random(in: 0..<12, using: &chance) == 0 { try await world.catchUp(world.follower(store)) }
            }
        }
        try await world.catchUp(world.follower(store))
        for (number, order) in orders.enumerated() {
            let (end, owners) = try Self.end(given, "-\(number)", in: world)
            #expect(end == wanted, "order \(order), seed \(seed)")
            for (visit, owner) in given.visits { #expect(owners[visit] == owner, "order \(order), seed \(seed)") }
        }
    }

    private func permutations(of items: [Int]) -> [[Int]] {
        guard let last = items.last else { return [[]] }
        return permutations(of: items.dropLast()).flatMap { rest in
            (0...rest.count).map { index in Array(rest.prefix(index)) + [last] + Array(rest.suffix(from: index)) }
        }
    }
}
