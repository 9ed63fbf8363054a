import Foundation
import FrenchText
import Pathways
import Testing
import Timekeeping

@testable import Notifications

/// That previews and the lint are made of what really happens.
struct SampleStoryTests {
    private static let now = Instant(millisecondsSinceEpoch: 1_795_100_700_000)

    private static func stories() throws -> [(row: NewsRow, story: SampleStory)] {
        let territory = try SampleCast.demoTerritory()
        let rows = Dictionary(try NewsTable.shipped().rows.map { ($0.template, $0) }) { first, _ in first }
        return try rows.values.sorted { $0.template < $1.template }.map { row in
            let cast = SampleCast.demo(territory)
            let recipient = territory.referent.rpps.value
            return (row, try #require(SampleStory(row, cast: cast, recipient: recipient, now: now, id: "told"), "\(row.template)"))
        }
    }

    private static func state() throws -> TerritoryState {
        var state = TerritoryState()
        try state.evolve(with: TerritoryPublished(territory: "clvo-demo", digest: "d", content: BundledFiles.demoTerritory))
        return state
    }

    /// Given the story of a template, when the table looks at its last event, then it makes news of that template.
    @Test func theTableTellsWhatEachStoryTells() throws {
        let state = try Self.state()
        let table = try NewsTable.shipped()
        for (row, story) in try Self.stories() {
            let happening: Happening
            if let body = story.undeliverable {
                happening = Happening(.messageUndeliverable(body), id: "told", recordedAt: Self.now, stream: "ab")
            } else {
                let told = try #require(story.events.last)
                let before = Pathway(folding: story.events.dropLast().map(\.event))
                let toldOfDeath: Set<String> = row.template == "death-taken-back" ? [story.cast.gp] : []
                happening = Happening(
                    .pathway(told.event),
                    id: "told",
                    recordedAt: Self.now,
                    stream: story.cast.pathwayStream,
                    before: before,
                    toldOfDeath: toldOfDeath
                )
            }
            let templates = Set(table.news(for: happening, in: state).map(\.key.template))
            #expect(templates.contains(row.template), "\(row.template): \(templates)")
        }
    }

    /// Given the story of a template, when its gaps are filled, then each has something to be filled with.
    @Test func everyGapOfEveryTemplateIsFilledInItsStory() throws {
        let territory = try SampleCast.demoTerritory()
        let book = try TemplateBook.shipped()
        let dates = FrenchClock(timeZone: .gmt, now: Self.now)
        for (row, story) in try Self.stories() {
            let template = try #require(book[row.template])
            let past = PathwayPast(Pathway(folding: story.events.map(\.event)), events: story.events)
            let facts =
                try story.undeliverable.map { NewsFacts(story.news, $0, about: past, territory: territory, dates: dates) }
                ?? NewsFacts(story.news, past, territory: territory, dates: dates)
            var wanted = template.line.placeholders.union(template.action.placeholders)
            // Nobody has accepted what is overdue here.
            if row.template == "follow-up-overdue" { wanted.remove(.owner) }
            let missing = wanted.filter { facts.values[$0]?.isEmpty ?? true }
            #expect(missing.isEmpty, "\(row.template): \(missing)")
        }
    }

    @Test func aSeedGivesTheSameSceneAgain() throws {
        let territory = try SampleCast.demoTerritory()
        let rows = try NewsTable.shipped().rows
        for seed in UInt64(1)...50 {
            #expect(
                LintScene(seed: seed, rows: rows, territory: territory).message
                    == LintScene(seed: seed, rows: rows, territory: territory).message
            )
        }
    }
}
