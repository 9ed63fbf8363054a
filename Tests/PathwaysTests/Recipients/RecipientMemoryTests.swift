import TestSupport
import Testing
import Timekeeping

@testable import Pathways

/// What a recipient keeps is little, and as good as all that the log holds.
@Suite("What a recipient keeps of what they were told")
struct RecipientMemoryTests {
    private static let rpps = "99999000021"
    private static let templates = ["offer-named", "offer-pool", "admission-notice", "follow-up-withdrawn"]
    private static let at = Example.instant("2026-11-16T14:05:00+01:00")

    private static func name(_ number: Int) -> String {
        let digits = String(number, radix: 16)
        return String(repeating: "0", count: 32 - digits.count) + digits
    }

    /// Ids as the log has them, and as it has not: the fold is total.
    private struct Facts {
        var chance: SplitMix64
        let pathways = [name(1), name(2), "elsewhere"]
        let followUps = ["f1", name(77), nil]

        mutating func items() -> [ToldItem] {
            (0..<Int.random(in: 1...3, using: &chance)).map { _ in
                ToldItem(
                    event: "019a8b2c-0000-7000-8000-0000000000\(Int.random(in: 10...20, using: &chance))",
                    template: RecipientMemoryTests.templates.randomElement(using: &chance) ?? "",
                    pathway: Bool.random(using: &chance) ? pathways.randomElement(using: &chance) : nil,
                    followUp: followUps.randomElement(using: &chance) ?? nil
                )
            }
        }

        /// Any fact of any message, whether it could be decided or not.
        mutating func next() -> DomainEvent {
            let message = Bool.random(using: &chance) ? name(Int.random(in: 0..<12, using: &chance)) : "m\(Int.random(in: 0..<4, using: &chance))"
            let channel = ChannelKind.allCases.randomElement(using: &chance) ?? .sms
            let at = RecipientMemoryTests.at.adding(minutes: Int64.random(in: -500...500, using: &chance))
            switch Int.random(in: 0..<8, using: &chance) {
            case 0..<3:
                return .messageHandedOver(
                    MessageHandedOver(
                        recipient: rpps,
                        message: message,
                        channel: channel,
                        items: items(),
                        urgency: .routine,
                        reminder: Int.random(in: 0...2, using: &chance),
                        attempts: 1,
                        at: at
                    )
                )
            case 3: return .messageDelivered(MessageDelivered(recipient: rpps, message: message, channel: channel, at: at))
            case 4:
                let via = OpeningWay.allCases.randomElement(using: &chance) ?? .page
                let opened = MessageOpened(recipient: rpps, message: message, via: via, channel: via == .link ? channel : nil, at: at)
                return .messageOpened(opened)
            case 5, 6:
                return .messageBounced(MessageBounced(recipient: rpps, message: message, channel: channel, at: at, reason: .mailboxFull))
            default:
                return .messageUndeliverable(
                    MessageUndeliverable(
                        recipient: rpps,
                        message: message,
                        items: items(),
                        tried: [channel],
                        reason: .refused,
                        told: nil,
                        at: at
                    )
                )
            }
        }
    }

    /// All that the log holds of each message is the oracle.
    @Test(arguments: UInt64(1)...12) func itAnswersWhatTheLogAnswers(seed: UInt64) {
        var facts = Facts(chance: SplitMix64(seed: seed))
        let events = (0..<160).map { _ in facts.next() }
        let recipient = Recipient(rpps: Self.rpps, folding: events)
        let told = recipient.latestMessages(.max)
        let records = told.compactMap { MessageRecord($0.id, folding: events) }
        #expect(told.count == recipient.messageCount && records.count == told.count && Set(told.map(\.id)).count == told.count)
        for (message, record) in zip(told, records) {
            #expect(message == recipient.message(record.id), "seed \(seed)")
            #expect(message.items == record.items && message.stage == record.stage && message.standing == record.standing, "seed \(seed)")
            #expect(message.isOpened == !record.openings.isEmpty && message.isUndeliverable == (record.undeliverable != nil), "seed \(seed)")
            var handOvers: [ToldMessage.HandOver] = []
            for handOver in record.handOvers.map({ ToldMessage.HandOver(channel: $0.channel, reminder: $0.reminder) })
            where !handOvers.contains(handOver) { handOvers.append(handOver) }
            #expect(message.handOvers == handOvers, "seed \(seed)")
        }
        let isTold = { (record: MessageRecord) in !record.standing.isEmpty || !record.openings.isEmpty }
        for item in Set(records.flatMap(\.items)) {
            let key = item.key(for: Self.rpps)
            let tellers = records.filter { $0.items.contains { $0.key(for: Self.rpps) == key } }
            #expect(recipient.wasTold(key) == tellers.contains(where: isTold), "seed \(seed)")
            #expect(recipient.lastHandOver(of: key) == tellers.flatMap(\.handOvers).map(\.at).max(), "seed \(seed)")
            guard let pathway = item.pathway else { continue }
            for followUp in [item.followUp, nil, "another"] {
                let expected = records.contains { record in
                    isTold(record)
                        && record.items.contains {
                            $0.pathway == pathway && $0.template == item.template && (followUp == nil || $0.followUp == followUp)
                        }
                }
                #expect(recipient.wasTold(of: pathway, followUp: followUp, as: [item.template, "unheard-of"]) == expected, "seed \(seed)")
            }
        }
    }

    @Test(arguments: UInt64(1)...4) func howeverItIsFoldedItIsTheSame(seed: UInt64) {
        var facts = Facts(chance: SplitMix64(seed: seed))
        let events = (0..<120).map { _ in facts.next() }
        let whole = Recipient(rpps: Self.rpps, folding: events)
        var (once, pieces) = (Recipient(rpps: Self.rpps), Recipient(rpps: Self.rpps))
        for event in events { once.evolve(with: event) }
        var rest = events[...]
        while !rest.isEmpty {
            // Somebody else holds the state meanwhile.
            let before = pieces
            let count = Int.random(in: 1...9, using: &facts.chance)
            for event in rest.prefix(count) { pieces.evolve(with: event) }
            #expect(before == Recipient(rpps: Self.rpps, folding: events.dropLast(rest.count)), "seed \(seed)")
            rest = rest.dropFirst(count)
        }
        #expect(whole == once && once == pieces && whole.hashValue == pieces.hashValue, "seed \(seed)")
    }

    @Test func everyChannelAndReminderIsKeptInItsOrder() {
        var marks = MessageMarks()
        var expected: [ToldMessage.HandOver] = []
        for reminder in (0...2).reversed() {
            for channel in ChannelKind.allCases {
                for _ in 0..<2 { marks.handOver(to: channel, reminder: reminder, at: Self.at) }
                expected.append(ToldMessage.HandOver(channel: channel, reminder: reminder))
            }
        }
        #expect(marks.handOvers == expected && marks.lastHandOver == Self.at && MessageMarks().lastHandOver == nil)
        for channel in ChannelKind.allCases {
            #expect(marks.isStanding && marks.wasHandedOver(to: channel))
            marks.bounce(from: channel)
        }
        #expect(!marks.isTold && !marks.isStanding)
        for via in OpeningWay.allCases {
            for channel in ChannelKind.allCases + [nil] {
                #expect(!marks.wasOpened(via: via, channel))
                marks.open(via: via, channel)
                #expect(marks.wasOpened(via: via, channel) && marks.isTold)
            }
        }
    }

    /// Ids and templates as the log has them.
    @Test func aYearOfMessagesTakesLittle() {
        var recipient = Recipient(rpps: Self.rpps)
        let empty = recipient.footprint
        let count = 8_192
        for number in 0..<count {
            let event = "019a8b2c-0000-7000-8000-\(Self.name(number).suffix(12))"
            let item = ToldItem(event: event, template: "offer-named", pathway: Self.name(number / 5), followUp: Self.name(number + 1_000_000))
            recipient.evolve(
                with: .messageHandedOver(
                    MessageHandedOver(
                        recipient: Self.rpps,
                        message: Self.name(number + 2_000_000),
                        channel: .mssante,
                        items: [item],
                        urgency: .routine,
                        attempts: 1,
                        receipt: "queued as 4BqzXk0",
                        at: Self.at
                    )
                )
            )
        }
        #expect(recipient.messageCount == count)
        let each = (recipient.footprint - empty) / count
        #expect(each > 100 && each < 400, "\(each) bytes a message")
        #expect(MemoryLayout<MessageMarks>.stride == 32)
    }
}
