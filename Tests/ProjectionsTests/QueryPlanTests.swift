import Pathways
import Testing

@testable import Projections

/// What a page shows must not cost more when the tables grow: no query of a list or a timeline walks a table.
@Suite struct QueryPlanTests {
    @Test(
        arguments: [
            ToDoReader.entries, ToDoReader.report, FollowUpLookup.standing, FollowUpLookup.plans, FollowUpLookup.escalations, PatientLookup.latest,
            PatientLookup.events, PatientLookup.endedInDeath, TimelineReader.pathway,
            TimelineReader.owner, TimelineReader.events, TimelineReader.byVisit, TimelineReader.byVisitAndFacility, TimelineReader.byPatient,
            TimelineReader.byFollowUp, TimelineReader.title, DirectoryReader.known, DirectoryReader.professionalName, DirectoryReader.commune,
            DirectoryReader.latest, DirectoryReader.teams, DirectoryReader.teamName, PatientReader.byKey, PersonLookup.links, QuarantineReader.all,
            QuarantineReader.ofStatus,
            QuarantineReader.byID, NotificationReader.ofPathway, NotificationReader.ofPersonUpwards, NotificationReader.ofPersonDownwards,
            NotificationReader.items, NotificationReader.givenUp, LedgerReading.facts, LedgerReading.acts,
        ])
    func searchesByIndex(sql: String) throws {
        let world = try World()
        try world.catchUp()
        let steps = try world.views().read { connection in
            try connection.statement("EXPLAIN QUERY PLAN \(sql)").rows { $0.string(3) }
        }
        #expect(!steps.isEmpty)
        #expect(steps.filter { $0.hasPrefix("SCAN") && $0 != "SCAN CONSTANT ROW" } == [], "\(steps)")
    }

    @Test func aListBeginsWithItsOwnersOpenEntries() throws {
        let world = try World()
        try world.catchUp()
        let steps = try world.views().read { connection in
            try connection.statement("EXPLAIN QUERY PLAN \(ToDoReader.entries)").rows { $0.string(3) }
        }
        #expect(steps.first?.contains("todo_entry_1_of_owner (owner=? AND to_position>?)") == true, "\(steps)")
    }
}
