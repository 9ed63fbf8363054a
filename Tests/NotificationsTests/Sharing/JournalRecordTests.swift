import NotificationChannels
import Notifications
import Pathways
import TestSupport
import Testing
import Timekeeping

struct JournalRecordTests {
    private static let deliveries: [Delivery] = [
        Delivery(.waiting(until: Sample.at(minutes: 1))),
        Delivery(
            .waiting(until: Sample.at(minutes: 1)),
            channel: .sms,
            attempts: 3,
            since: Sample.at(minutes: 2),
            tried: [.mssante, .email],
            isOverdue: true
        ),
        Delivery(.handedOver(by: .webhook, receipt: "q\"7", at: Sample.at(minutes: 3)), channel: .webhook, attempts: 1),
        Delivery(.failed(.refused, at: Sample.at(minutes: 4)), tried: [.sms]),
        Delivery(.cancelled(.withdrawn), mayBeOut: true),
        Delivery(.parked(problem: "unreadable", since: Sample.at(minutes: 5))),
        Delivery(.settled, mayBeOut: false),
    ]

    @Test("What one node keeps another reads as it was", arguments: deliveries)
    func roundTrip(_ delivery: Delivery) throws {
        let items = [
            Sample.news("e1", answerBy: Sample.at(minutes: 9), urgency: .urgent), Sample.news("e2", template: "notice", pathway: nil, followUp: nil),
        ]
        for reminder in 0...2 {
            var message = Sample.message(items, reminder: reminder, urgency: .urgent)
            message.delivery = delivery
            let record = JournalRecord.open(message)
            #expect(try JournalRecord(message: record.message, bytes: record.bytes) == record)
        }
    }

    @Test func `a message that is closed has no bytes`() throws {
        #expect(JournalRecord.closed("m").bytes == nil)
        #expect(try JournalRecord(message: "m", bytes: nil) == .closed("m"))
    }

    @Test func `a record under another id than that of its news is refused`() throws {
        let bytes = JournalRecord.open(Sample.message([Sample.news("e1")])).bytes
        #expect(throws: CodecError.self) { try JournalRecord(message: "another", bytes: bytes) }
    }

    @Test(arguments: [1, 2, 3] as [UInt64]) func `bytes that were changed anywhere are read or refused, and never trap`(seed: UInt64) throws {
        let chance = DispatchChance(seed: seed)
        let message = Sample.message([Sample.news("e1", answerBy: Sample.at(minutes: 9)), Sample.news("e2")])
        let bytes = try #require(JournalRecord.open(message).bytes)
        for _ in 0..<2_000 {
            var changed = bytes
            for _ in 0...chance.below(3) {
                let place = chance.below(changed.count)
                switch chance.below(3) {
                case 0: changed[place] = UInt8(truncatingIfNeeded: chance.next())
                case 1: changed.remove(at: place)
                default: changed.insert(UInt8(truncatingIfNeeded: chance.next()), at: place)
                }
            }
            _ = try? JournalRecord(message: message.id, bytes: changed)
        }
    }

    @Test("A fact comes over as the log will have it; another type is refused")
    func facts() throws {
        let fact = ToldFact.undeliverable(
            MessageUndeliverable(
                recipient: Sample.nurse,
                message: "m",
                items: [ToldItem(event: "e", template: "t")],
                tried: [.sms],
                reason: .refused,
                told: Sample.doctor,
                at: Sample.at(minutes: 1)
            )
        )
        #expect(try ToldFact(type: fact.type, payload: fact.payload) == fact)
        #expect(throws: CodecError.self) { try ToldFact(type: MessageOpened.type, payload: fact.payload) }
        #expect(throws: CodecError.self) { try ToldFact(type: fact.type, payload: Array("{}".utf8)) }
    }
}
