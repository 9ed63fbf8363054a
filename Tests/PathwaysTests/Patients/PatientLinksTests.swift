import Pathways
import TestSupport
import Testing
import Timekeeping

@Suite("Numbers of one person are followed")
struct PatientLinksTests {
    private static func link(_ name: String) -> PatientLink {
        PatientLink(identifier: LocalIdentifier(authority: "850099995", value: name), stream: name)
    }

    private static func statement(_ minute: Int) -> Statement {
        let at = Example.instant("2026-11-10T09:00:00+01:00").adding(minutes: Int64(minute))
        return Statement(recordedAt: at, sentAt: at, controlID: "M\(minute)", digest: "0123456789abcdef")
    }

    private static func merge(_ retired: String, _ survivor: String, _ minute: Int) -> DomainEvent {
        .patientsMerged(PatientsMerged(retired: link(retired), survivor: link(survivor), statement: statement(minute)))
    }

    private static func undo(_ retired: String, _ survivor: String, _ minute: Int) -> DomainEvent {
        let by = Example.by(Example.referent, as: .referent)
        return .mergeUndone(MergeUndone(retired: link(retired), survivor: link(survivor), statement: statement(minute), by: by))
    }

    private static func move(_ from: String, _ to: String, _ minute: Int) -> DomainEvent {
        let account = LocalIdentifier(authority: "850099995", value: "D1")
        return .dossierMoved(DossierMoved(account: account, from: link(from), to: link(to), statement: statement(minute)))
    }

    /// The states of all numbers after events, each recorded in both of its streams.
    private static func patients(_ events: [DomainEvent]) -> [String: Patient] {
        var patients: [String: Patient] = [:]
        for event in events {
            let streams: [String] =
                switch event {
                case .patientsMerged(let body): [body.retired.stream, body.survivor.stream]
                case .mergeUndone(let body): [body.retired.stream, body.survivor.stream]
                case .dossierMoved(let body): [body.from.stream, body.to.stream]
                default: []
                }
            for stream in streams { patients[stream, default: Patient(stream: stream)].evolve(with: event) }
        }
        return patients
    }

    private static func links(_ patients: [String: Patient]) -> PatientLinks<Never> {
        PatientLinks { (stream) throws(Never) in patients[stream] ?? Patient(stream: stream) }
    }

    private struct Case: Sendable, CustomStringConvertible {
        let description: String
        let events: [DomainEvent]
        let survivors: [String: String]
    }

    private static let cases = [
        Case(description: "one merge", events: [merge("A", "B", 1)], survivors: ["A": "B", "B": "B", "C": "C"]),
        Case(description: "a chain", events: [merge("A", "B", 1), merge("B", "C", 2)], survivors: ["A": "C", "B": "C", "C": "C"]),
        Case(description: "a later word on the same number", events: [merge("A", "B", 1), merge("A", "C", 2)], survivors: ["A": "C", "B": "B"]),
        Case(description: "a circle", events: [merge("A", "B", 1), merge("B", "A", 2)], survivors: ["A": "A", "B": "A"]),
        Case(
            description: "a circle of three, and a tail",
            events: [merge("A", "B", 2), merge("B", "C", 1), merge("C", "A", 3), merge("D", "A", 4)],
            survivors: ["A": "B", "B": "B", "C": "B", "D": "B"]
        ),
        Case(description: "undone", events: [merge("A", "B", 1), undo("A", "B", 2)], survivors: ["A": "A", "B": "B"]),
        Case(
            description: "undone, and merged again",
            events: [merge("A", "B", 1), undo("A", "B", 2), merge("A", "B", 3)],
            survivors: ["A": "B", "B": "B"]
        ),
    ]

    @Test(arguments: cases.indices) func whateverTheOrderTheSameNumberSurvives(_ index: Int) {
        let given = Self.cases[index]
        for seed in UInt64(1)...24 {
            var chance = SplitMix64(seed: seed)
            let links = Self.links(Self.patients(given.events.shuffled(using: &chance)))
            for (number, survivor) in given.survivors {
                #expect(links.survivor(of: number) == survivor, "\(given), seed \(seed)")
                let person = links.person(of: number)
                #expect(person.first == survivor && person.contains(number), "\(given), seed \(seed)")
                for (other, itsSurvivor) in given.survivors { #expect(person.contains(other) == (itsSurvivor == survivor), "\(given), seed \(seed)") }
            }
        }
    }

    @Test func anAliasKnowsWhichSideItIs() throws {
        let patients = Self.patients([Self.merge("A", "B", 1)])
        #expect(patients["A"]?.mergedInto == Self.link("B") && patients["A"]?.aliases == [])
        #expect(patients["B"]?.mergedInto == nil && patients["B"]?.aliases == [Self.link("A")])
        let undone = Self.patients([Self.merge("A", "B", 1), Self.undo("A", "B", 2)])
        #expect(undone["A"]?.mergedInto == nil && undone["B"]?.aliases == [])
        #expect(undone["A"]?.linkChanges.count == 2)
    }

    @Test(arguments: [
        ([move("A", "B", 1)], ["A": "B", "B": "B"]), ([move("A", "B", 1), move("B", "C", 2)], ["A": "C", "B": "C", "C": "C"]),
        ([move("A", "B", 1), move("B", "A", 2)], ["A": "A", "B": "A"]),
        ([move("A", "B", 1), move("B", "C", 2), move("C", "A", 3)], ["A": "A", "B": "A", "C": "A"]),
    ])
    func aDossierIsFollowed(events: [DomainEvent], owners: [String: String]) {
        let account = LocalIdentifier(authority: "850099995", value: "D1")
        for events in [events, events.reversed()] {
            let links = Self.links(Self.patients(events))
            for (named, owner) in owners { #expect(links.owner(of: account, saidToBeOf: Self.link(named)).owner.stream == owner) }
            let other = LocalIdentifier(authority: "850099995", value: "D2")
            #expect(links.owner(of: other, saidToBeOf: Self.link("A")).owner.stream == "A")
        }
    }

    @Test func nobodyIsMergedIntoThemselves() {
        let event = PatientsMerged(retired: Self.link("A"), survivor: Self.link("A"), statement: Self.statement(1))
        #expect(throws: Rejection.self) { try Patient(stream: "A").decide(.patientsMerged(event)) }
    }

    @Test func aVisitIsRegisteredOnceAndAgainWithItsAccount() throws {
        let account = LocalIdentifier(authority: "850099995", value: "D1")
        let bare = VisitRegistered(visit: Example.visit, pathwayStream: "V")
        let whole = VisitRegistered(account: account, visit: Example.visit, pathwayStream: "V")
        var patient = Patient(stream: "A")
        for (wanted, isNews) in [(bare, true), (bare, false), (whole, true), (whole, false), (bare, false)] {
            let event = try patient.decide(.visitRegistered(wanted))
            #expect((event != nil) == isNews)
            if let event { patient.evolve(with: event) }
        }
        #expect(patient.visits == [whole] && patient.isKnown)
    }
}
