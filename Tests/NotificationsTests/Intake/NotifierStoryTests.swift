import Coordination
import EventStore
import Notifications
import Pathways
import TestSupport
import Testing
import Timekeeping

/// One stay from admission to death, through planner and notifier.
struct NotifierStoryTests {
    /// Admission, planned discharge, discharge, an answer, a discharge taken back, death.
    private func story(_ practice: Practice, _ look: (String) throws -> Void = { _ in }) async throws {
        try await practice.admit()
        try await practice.settle()
        try look("admission")
        let planned = practice.movement("V1-planned", practice.clock.now, expected: practice.clock.now.adding(hours: 30))
        try await practice.report(.movement(.dischargeAnnouncement, planned, nil))
        try await practice.settle()
        try look("planned discharge")
        try await practice.discharge()
        try await practice.settle()
        try look("discharge")
        try await practice.accept("nurse-first-visit", by: Practice.nurse)
        try await practice.settle()
        try look("accepted")
        try await practice.report(
            .cancellation(MovementID(authority: "CHT", value: "V1-out"), .discharge, practice.statement("cancel-out"))
        )
        try await practice.settle()
        try look("taken back")
        try await practice.discharge("death", to: .death)
        try await practice.settle()
        try look("death")
    }

    @Test func givenAStayWhenItGoesOnThenTheRightPeopleAreToldAndWhatIsNoMoreSoEnds() async throws {
        let practice = try await Practice()
        let (doctor, nurse, pharmacist) = (Practice.doctor, Practice.nurse, Practice.pharmacist)
        try await story(practice) { chapter in
            let told = try [doctor, nurse, pharmacist].map { Set(try practice.waiting($0)) }
            switch chapter {
            case "admission":
                #expect(told == [["offer-named"], [], ["admission-notice"]])
            case "planned discharge":
                #expect(told == [["offer-named", "planned-discharge"], ["offer-named"], ["admission-notice", "offer-named"]])
            case "discharge":
                #expect(told == [["offer-named"], ["offer-named"], ["admission-notice", "offer-named"]])
            case "accepted":
                let visit = try practice.followUp("nurse-first-visit").id
                #expect(try practice.rows().filter { $0.subject == visit && $0.template == "offer-named" }.map(\.ended) == ["answered"])
            case "taken back":
                #expect(told[1].contains("follow-up-withdrawn") && told[2].contains("offer-withdrawn"))
            default:
                // Each hears of it once, and of nothing else.
                for person in [doctor, nurse, pharmacist] { #expect(try practice.waiting(person) == ["death-notice"]) }
                #expect(try practice.rows().allSatisfy { $0.ended != nil || $0.template == "death-notice" })
            }
        }
    }

    @Test func givenAStoryWhenItIsReadFromItsBeginningOnAFreshOutboxThenTheSameRowsAreThere() async throws {
        let practice = try await Practice()
        try await story(practice)
        for pageSize in [1, 7, 100] {
            let store = try Practice.memoryStore()
            try await practice.catchUp(practice.notifier(try SQLiteOutbox(store: store), store), pageSize: pageSize)
            #expect(try practice.rows(store) == practice.rows())
        }
    }

    @Test func givenAStoryTakenInWhenItIsReadOnceMoreThenNothingChanges() async throws {
        let practice = try await Practice()
        try await story(practice)
        let before = try practice.rows()
        let boxes = try [Practice.doctor, Practice.nurse].map { try practice.outbox.box(of: $0, at: practice.clock.now) }
        try await practice.catchUp(practice.notifier(practice.outbox, try Practice.memoryStore()), pageSize: 5)
        #expect(try practice.rows() == before)
        #expect(try [Practice.doctor, Practice.nurse].map { try practice.outbox.box(of: $0, at: practice.clock.now) } == boxes)
    }

    @Test func givenTwoStaysOfOnePersonWhenTheyDieThenEachIsToldOnceAndNothingElseOfEitherStay() async throws {
        let practice = try await Practice()
        try await practice.admit("V1")
        try await practice.discharge(of: "V1")
        try await practice.settle()
        try await practice.admit("V2")
        try await practice.settle()
        try await practice.discharge("death", to: .death, of: "V2")
        try await practice.settle()
        for person in [Practice.doctor, Practice.nurse, Practice.pharmacist] {
            #expect(try practice.waiting(person) == ["death-notice"])
        }
        #expect(try practice.rows().allSatisfy { $0.ended != nil || $0.template == "death-notice" })
        let store = try Practice.memoryStore()
        try await practice.catchUp(practice.notifier(try SQLiteOutbox(store: store), store))
        // Two stays are read side by side: which of two reasons is seen first is not always the same, what is told is.
        func told(_ rows: [Practice.Row]) -> [String] { rows.map { "\($0.event) \($0.recipient) \($0.template) \($0.ended == nil)" } }
        #expect(try told(practice.rows(store)) == told(practice.rows()))
    }
}
