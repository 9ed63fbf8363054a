import EventStore
import NotificationChannels
import Notifications
import Pathways
import TestSupport
import Testing
import Timekeeping

/// Of a pathway only what is told of is read again: the texts are those of somebody who reads all of it.
struct RecordedPastTests {
    /// Folds every event for each text.
    private struct WholePast: LogPast {
        let story: RecordedStory
        let other: RecordedPast

        func pathway(_ stream: String, at position: Int64, telling news: News?) throws -> PathwayPast? {
            let events = try story.log.read(stream: story.pathway, fromVersion: 1, limit: .max).filter { $0.position <= position }
            let said = try events.compactMap { event in
                try PathwayEvent(type: event.type, payload: event.payload).map { (event.id.description, $0) }
            }
            return PathwayPast(Pathway(folding: said.map(\.1)), events: said)
        }

        func patient(_ stream: String, at position: Int64) throws -> Patient { try other.patient(stream, at: position) }

        func undeliverable(_ event: String, since at: Instant, upTo position: Int64) throws -> MessageUndeliverable? {
            try other.undeliverable(event, since: at, upTo: position)
        }

        func territory(at position: Int64) throws -> Territory? { try other.territory(at: position) }
    }

    private func plan(_ number: Int, _ story: RecordedStory, dueIn hours: Int64 = 3) -> PlannedFollowUp {
        PlannedFollowUp(
            id: "f\(number)",
            rule: RuleReference(followUpProtocol: "local", rule: "r\(number)"),
            protocolVersion: 1,
            role: .nurse,
            title: "Soin \(number)",
            priority: .normal,
            dueFrom: story.now.adding(hours: 1),
            dueBy: story.now.adding(hours: hours),
            answerWithinMinutes: 120,
            movement: story.movement.id
        )
    }

    private func event(_ numbers: [Int], _ story: RecordedStory, _ chance: inout SplitMix64) -> PathwayEvent {
        let by = Attribution(rpps: RecordedStory.gp)
        let followUp = "f\(numbers[0])"
        switch Int.random(in: 0..<9, using: &chance) {
        case 0, 1:
            let hours = Int64.random(in: 2...50, using: &chance)
            return .followUpsPlanned(FollowUpsPlanned(followUps: numbers.map { plan($0, story, dueIn: hours) }))
        case 2, 3:
            let assignment = Assignment(basis: .declared, order: [RecordedStory.nurse])
            let solicitations = numbers.map {
                OffersMade.Solicitation(followUp: "f\($0)", wave: 1, to: [RecordedStory.nurse], until: story.now, assignment: assignment)
            }
            return .offersMade(OffersMade(at: story.now, solicitations: solicitations, directoryVersion: 1))
        case 4: return .followUpAccepted(FollowUpAccepted(followUp: followUp, at: story.now, by: by))
        case 5: return .followUpDeclined(FollowUpDeclined(followUp: followUp, by: by, reason: .noCapacity, givenBack: true))
        case 6:
            return .followUpsWithdrawn(
                FollowUpsWithdrawn(withdrawals: numbers.map { .init(followUp: "f\($0)", reason: .readmitted, told: [RecordedStory.nurse]) })
            )
        case 7:
            return .alertSignReported(AlertSignReported(report: "a\(followUp)", at: story.now, by: by, sign: .fever, followUp: followUp, called: []))
        default: return .dischargePlanned(DischargePlanned(plannedAt: story.now.adding(hours: Int64(numbers[0])), by: by))
        }
    }

    @Test(arguments: UInt64(1)...4)
    func theTextsAreThoseOfWhoReadsEverything(seed: UInt64) async throws {
        var chance = SplitMix64(seed: seed)
        let story = RecordedStory()
        _ = try await story.begin()
        var told: [(id: String, position: Int64, followUp: Int, template: String)] = []
        for _ in 0..<60 {
            let numbers = (0..<Int.random(in: 1...3, using: &chance)).map { _ in Int.random(in: 1...12, using: &chance) }
            let event = event(numbers, story, &chance)
            let (id, position) = try await story.tell(event)
            let template: String? =
                switch event {
                case .offersMade: "offer-named"
                case .followUpDeclined: "follow-up-given-back"
                case .followUpsWithdrawn: "follow-up-withdrawn"
                case .alertSignReported: "alert-sign"
                case .dischargePlanned: "planned-discharge"
                default: nil
                }
            if let template { told.append((id, position, numbers[0], template)) }
        }
        let recorded = RecordedPast(reader: story.log, sealer: story.sealer, streams: story.streams)
        let book = try TemplateBook.shipped()
        let settings = try RenderingSettings(base: "https://relais.example", domain: "relais.example")
        let renderers = [
            LogRenderer(past: recorded, book: book, settings: settings),
            LogRenderer(past: WholePast(story: story, other: recorded), book: book, settings: settings),
        ]
        // Back and forth in the log.
        for item in told.shuffled(using: &chance) {
            for named in [true, false] {
                let news = News(
                    key: NewsKey(event: item.id, recipient: RecordedStory.nurse, template: item.template, followUp: "f\(item.followUp)"),
                    occurredAt: story.now,
                    urgency: .routine,
                    pathway: story.pathway.hex,
                    followUp: item.template == "planned-discharge" ? nil : "f\(item.followUp)",
                    answerBy: nil,
                    asks: true,
                    named: named
                )
                let message = story.message([news], at: item.position)
                let texts = try renderers.map { try $0.render(message, for: .mssante)?.text }
                #expect(texts[0] != nil && texts[0] == texts[1], "seed \(seed), \(item.template) of \(item.position)")
            }
        }
        #expect(told.count > 20, "seed \(seed) tests little")
    }
}
