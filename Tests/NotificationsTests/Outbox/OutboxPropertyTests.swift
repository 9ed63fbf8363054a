import Notifications
import Pathways
import TestSupport
import Testing
import Timekeeping

/// Both outboxes answer alike, whatever is asked of them in whatever order.
struct OutboxPropertyTests {
    @Test(arguments: UInt64(1)...16)
    func givenRandomOperationsWhenBothOutboxesRunThemThenTheyAnswerAlike(_ seed: UInt64) throws {
        var chance = SplitMix64(seed: seed)
        let (plain, stored) = (try OutboxKind.memory.make(), try OutboxKind.sqlite.make())
        var story = OutboxStory()
        for step in 0..<250 {
            let operation = story.next(after: plain, &chance)
            try operation.run(on: plain)
            try operation.run(on: stored)
            guard step.isMultiple(of: 8) else { continue }
            let now = Sample.at(minutes: Int64(step))
            let (expected, found) = (try OutboxView(of: plain, story, at: now), try OutboxView(of: stored, story, at: now))
            #expect(expected == found, "seed \(seed), step \(step): \(operation)")
            if expected != found { return }
        }
    }
}

/// Everything that can be asked.
private struct OutboxView: Equatable {
    let boxes: [RecipientBox]
    let due: [String]
    let next: Instant?
    let counts: OutboxCounts
    let missing: [NewsKey]
    let messages: [OutboxMessage?]
    let lists: [[String]]
    let parked: [OutboxMessage]

    init(of outbox: any Outbox, _ story: OutboxStory, at now: Instant) throws {
        boxes = try OutboxStory.people.flatMap { recipient in
            try [true, false].map { try outbox.box(of: recipient, at: now, isWhole: $0) }
        }
        due = try outbox.due(at: now, limit: 2, excluding: ["r0"])
        next = try outbox.nextLook()
        counts = try outbox.counts(at: now)
        missing = try outbox.missing(story.news.map(\.key))
        messages = try story.formed.map { try outbox.message($0) }
        lists = try OutboxStory.people.map { try outbox.messages(for: $0, after: 3, limit: 4).map { "\($0.number) \($0.message.id)" } }
        parked = try outbox.parked()
    }
}

private struct OutboxOperation: CustomStringConvertible {
    let description: String
    let run: (any Outbox) throws -> Void

    func run(on outbox: any Outbox) throws { try run(outbox) }
}

/// Makes up operations that make sense, and some that do not.
private struct OutboxStory {
    static let people = (0..<4).map { "r\($0)" }
    private static let pathways = ["p0", "p1", "p2"]
    private static let templates = ["offer-named", "planned-discharge", "death-notice"]
    private static let fates = NewsFate.allCases

    private(set) var news: [News] = []
    private(set) var formed: [String] = []
    private var position: Int64 = 0
    private var taken: [NewsIntake] = []

    mutating func next(after outbox: any Outbox, _ chance: inout SplitMix64) -> OutboxOperation {
        switch Int.random(in: 0..<20, using: &chance) {
        case 0..<6: take(&chance)
        case 6: takeAgain(&chance)
        case 7..<11: form(outbox, &chance)
        case 11..<16: save(&chance)
        case 16: end(&chance)
        case 17: look(outbox, &chance)
        case 18: retry(&chance)
        default: prune(&chance)
        }
    }

    private func instant(_ chance: inout SplitMix64) -> Instant { Sample.at(minutes: .random(in: 0..<400, using: &chance)) }

    private func pick<Element>(_ all: [Element], _ chance: inout SplitMix64) -> Element? { all.randomElement(using: &chance) }

    private mutating func take(_ chance: inout SplitMix64) -> OutboxOperation {
        position += 1
        // Some come later than they were recorded.
        let at = Int.random(in: 0..<5, using: &chance) == 0 ? max(1, position - 20) : position
        var items: [(News, NewsFate?)] = []
        for _ in 0..<Int.random(in: 0..<4, using: &chance) {
            let item = Sample.news(
                "e\(at)",
                to: Self.people[Int.random(in: 0..<4, using: &chance)],
                template: Self.templates[Int.random(in: 0..<3, using: &chance)],
                pathway: Int.random(in: 0..<8, using: &chance) == 0 ? nil : Self.pathways[Int.random(in: 0..<3, using: &chance)],
                followUp: Bool.random(using: &chance) ? "f\(Int.random(in: 0..<2, using: &chance))" : nil,
                answerBy: Bool.random(using: &chance) ? instant(&chance) : nil,
                urgency: Bool.random(using: &chance) ? .urgent : .routine
            )
            // What a key tells is the same for ever.
            guard !news.contains(where: { $0.key == item.key }) else { continue }
            news.append(item)
            items.append((item, Int.random(in: 0..<6, using: &chance) == 0 ? pick(Self.fates, &chance) : nil))
        }
        let endings = (0..<Int.random(in: 0..<2, using: &chance)).map { _ in
            NewsEnding(
                pathway: Self.pathways[Int.random(in: 0..<3, using: &chance)],
                followUp: Bool.random(using: &chance) ? "f0" : nil,
                recipients: Bool.random(using: &chance) ? ["r1", "r2"] : nil,
                templates: Bool.random(using: &chance) ? ["offer-named"] : nil,
                reason: pick(NewsEnding.Reason.allCases, &chance) ?? .held
            )
        }
        let intake = NewsIntake(position: at, recordedAt: Sample.at(minutes: at), endings: endings, news: items)
        taken.append(intake)
        return OutboxOperation(description: "take \(intake)") { try $0.take(intake) }
    }

    private func takeAgain(_ chance: inout SplitMix64) -> OutboxOperation {
        guard let intake = pick(taken, &chance) else { return OutboxOperation(description: "nothing") { _ in } }
        return OutboxOperation(description: "take again \(intake)") { try $0.take(intake) }
    }

    private mutating func form(_ outbox: any Outbox, _ chance: inout SplitMix64) -> OutboxOperation {
        let recipient = Self.people[Int.random(in: 0..<4, using: &chance)]
        let box = try? outbox.box(of: recipient, at: Sample.start)
        var items = box?.waiting.map(\.news) ?? []
        var reminder = 0
        if Bool.random(using: &chance), let told = box?.unanswered.first {
            items = [told.news]
            reminder = told.reminders + 1
        } else if Int.random(in: 0..<4, using: &chance) == 0 {
            // Seen before something ended, or went elsewhere.
            items = Array(news.filter { $0.key.recipient == recipient }.shuffled(using: &chance).prefix(2))
        }
        guard !items.isEmpty else { return OutboxOperation(description: "nothing") { _ in } }
        let message = OutboxMessage(
            recipient: recipient,
            urgency: Bool.random(using: &chance) ? .urgent : .routine,
            reminder: reminder,
            madeAt: instant(&chance),
            position: position,
            items: items,
            delivery: Delivery(.waiting(until: instant(&chance)))
        )
        formed.append(message.id)
        return OutboxOperation(description: "form \(message)") { try $0.form(message) }
    }

    private func save(_ chance: inout SplitMix64) -> OutboxOperation {
        let message = pick(formed, &chance) ?? "none"
        let state: Delivery.State =
            switch Int.random(in: 0..<8, using: &chance) {
            case 0, 1, 2: .handedOver(by: .mssante, receipt: Bool.random(using: &chance) ? "Q1" : nil, at: instant(&chance))
            case 3: .failed(.expired, at: instant(&chance))
            case 4: .settled
            case 5: .cancelled(pick(Self.fates, &chance) ?? .erased)
            case 6: .parked(problem: "something", since: instant(&chance))
            default: .waiting(until: instant(&chance))
            }
        let attempts = Int.random(in: 0..<3, using: &chance)
        let tried: [ChannelKind] = Bool.random(using: &chance) ? [] : [.mssante, .sms]
        let delivery = Delivery(
            state,
            channel: .email,
            attempts: attempts,
            since: attempts == 0 ? nil : instant(&chance),
            tried: tried,
            isOverdue: !tried.isEmpty && Bool.random(using: &chance),
            mayBeOut: pick([true, false, nil], &chance) ?? nil
        )
        return OutboxOperation(description: "save \(delivery) of \(message)") { try $0.save(delivery, of: message) }
    }

    private func end(_ chance: inout SplitMix64) -> OutboxOperation {
        let keys = Array(news.shuffled(using: &chance).prefix(2)).map(\.key)
        let fate = pick(Self.fates, &chance) ?? .muted
        return OutboxOperation(description: "end \(keys) as \(fate)") { try $0.end(keys, as: fate) }
    }

    private func look(_ outbox: any Outbox, _ chance: inout SplitMix64) -> OutboxOperation {
        let recipient = Self.people[Int.random(in: 0..<4, using: &chance)]
        let at = instant(&chance)
        if Int.random(in: 0..<4, using: &chance) == 0 { return OutboxOperation(description: "look") { try $0.look(at: recipient, now: at) } }
        if Int.random(in: 0..<4, using: &chance) == 0 { return OutboxOperation(description: "look at all") { try $0.lookAtAll(from: at) } }
        let revision = (try? outbox.box(of: recipient, at: at).revision) ?? 0
        let known = Bool.random(using: &chance) ? revision : revision + 1
        let due = Bool.random(using: &chance) ? at : nil
        return OutboxOperation(description: "set look of \(recipient)") { try $0.setLook(due, for: recipient, asOf: known) }
    }

    private func retry(_ chance: inout SplitMix64) -> OutboxOperation {
        let message = pick(formed, &chance) ?? "none"
        let at = instant(&chance)
        return OutboxOperation(description: "retry \(message)") { _ = try $0.retry(message, at: at) }
    }

    private func prune(_ chance: inout SplitMix64) -> OutboxOperation {
        let before = Sample.at(minutes: .random(in: 0..<40, using: &chance))
        return OutboxOperation(description: "prune") { try $0.prune(before: before) }
    }
}
