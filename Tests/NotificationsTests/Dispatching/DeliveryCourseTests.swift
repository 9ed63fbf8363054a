import NotificationChannels
import Notifications
import Pathways
import Testing
import Timekeeping

/// Given how far a message got, when an attempt ends, then it goes on like this.
@Suite("The course of one message")
struct DeliveryCourseTests {
    private static let now = Town.at("2026-11-17T14:00:00+01:00")
    private static let three = [
        ChannelAddress(kind: .mssante, address: "a@mssante.example"), ChannelAddress(kind: .email, address: "a@cabinet.example"),
        ChannelAddress(kind: .sms, address: "+33639980001"),
    ]
    private let course = DeliveryCourse(channels: three, urgency: .urgent)
    private let last = DeliveryCourse(channels: Array(three.prefix(1)), urgency: .urgent)

    private func pause(_ delivery: Delivery, from now: Instant = now) -> Int64? {
        if case .waiting(let until) = delivery.state { until.milliseconds(since: now) } else { nil }
    }

    @Test(
        "Given so many failures, when one more comes, then the pause is the rule's, within a fifth",
        arguments: zip([1, 2, 3, 4, 5, 6, 40], [10, 30, 120, 600, 1_800, 3_600, 3_600] as [Int64])
    )
    func pauses(attempts: Int, seconds: Int64) throws {
        for chance in [0, 7, UInt64.max, UInt64.max / 3] {
            let begun = Delivery(.waiting(until: Self.now), channel: .mssante, attempts: attempts, since: Self.now)
            let next = try #require(pause(last.after(.later(reason: "timeout", after: nil), begun, on: .mssante, at: Self.now, chance: chance)))
            #expect(next >= seconds * 800 && next <= seconds * 1_200)
        }
    }

    @Test(
        "Given a peer that asks for a pause, when it is longer than ours, then it is kept, a day at most",
        arguments: [(5, 10), (7_200, 7_200), (200_000, 86_400)]
    )
    func asked(seconds: Int64, expected: Int64) throws {
        let begun = Delivery(.waiting(until: Self.now), channel: .mssante, attempts: 1, since: Self.now)
        let next = try #require(
            pause(last.after(.later(reason: "http-503", after: .seconds(seconds)), begun, on: .mssante, at: Self.now, chance: 2_000))
        )
        #expect(next >= expected * 800 && next <= max(expected, 12) * 1_000)
    }

    @Test(
        "Given another channel, when patience is over, then it is next, and the former is not tried again",
        arguments: [(News.Urgency.urgent, 10), (.routine, 240)] as [(News.Urgency, Int64)]
    )
    func fallback(urgency: News.Urgency, minutes: Int64) throws {
        let course = DeliveryCourse(channels: Self.three, urgency: urgency)
        let begun = Delivery(.waiting(until: Self.now), channel: .mssante, attempts: 3, since: Self.now)
        #expect(course.aligned(begun, at: Self.now.adding(minutes: minutes).adding(milliseconds: -1)).channel?.kind == .mssante)
        let (next, channel) = course.aligned(begun, at: Self.now.adding(minutes: minutes))
        #expect(channel?.kind == .email && next.tried == [.mssante] && next.attempts == 0 && next.since == nil)
    }

    @Test("Given a channel that says never, when others are left, then the next one is tried at once; when none is, then it is refused")
    func never() {
        var delivery = course.aligned(Delivery(.waiting(until: Self.now)), at: Self.now).delivery
        for kind in [ChannelKind.mssante, .email, .sms] {
            #expect(delivery.channel == kind)
            delivery = course.after(
                .never(reason: "http-410"),
                course.beginning(delivery, at: Self.now, chance: 1),
                on: kind,
                at: Self.now,
                chance: 1
            )
        }
        #expect(delivery.state == .failed(.refused, at: Self.now) && delivery.tried == [.mssante, .email, .sms])
    }

    @Test("Given a channel that failed for too long, when the last one says never, then it is expired and not refused")
    func mixed() {
        let late = Self.now.adding(minutes: 11)
        let begun = Delivery(.waiting(until: Self.now), channel: .email, attempts: 3, since: Self.now, tried: [.mssante])
        let switched = course.aligned(begun, at: late).delivery
        #expect(course.after(.never(reason: "http-404"), switched, on: .sms, at: late, chance: 1).state == .failed(.expired, at: late))
    }

    @Test(
        "Given the last channel, when it fails, then it is tried for 72 hours, and once more at their end",
        arguments: [(71, false), (72, true), (100, true)]
    )
    func exhaustion(hours: Int64, isOver: Bool) {
        let begun = Delivery(.waiting(until: Self.now), channel: .mssante, attempts: 30, since: Self.now)
        let now = Self.now.adding(hours: hours)
        let ended = last.after(.later(reason: "timeout", after: nil), begun, on: .mssante, at: now, chance: 1)
        #expect((ended.state == .failed(.expired, at: now)) == isOver)
        #expect((last.postponed(begun, on: .mssante, at: now).state == .failed(.expired, at: now)) == isOver)
    }

    @Test(
        "Given an attempt that began, when it ends so, then only a certain refusal says that no channel has the message",
        arguments: [
            (.handedOver(receipt: nil), true), (.never(reason: "http-410"), false), (.never(reason: "unsafe-subject"), false),
            (.later(reason: "http-503", after: nil), false), (.later(reason: "http-429", after: .seconds(9)), false),
            (.later(reason: "http-302", after: nil), true), (.later(reason: "http-504", after: nil), true),
            (.later(reason: "http-408", after: nil), true), (.later(reason: "smtp-451-4.7.1", after: nil), false),
            (.later(reason: "smtp-552", after: nil), false), (.later(reason: "smtp-250", after: nil), true),
            (.later(reason: "configuration-smtp-535", after: nil), false), (.later(reason: "unreachable", after: nil), false),
            (.later(reason: "timeout", after: nil), true), (.later(reason: "closed", after: nil), true), (.later(reason: "tls", after: nil), true),
            (.later(reason: "cancelled", after: nil), true), (.later(reason: "something new", after: nil), true),
            (.later(reason: "http-", after: nil), true), (.later(reason: "", after: nil), true),
        ] as [(DeliveryOutcome, Bool)]
    )
    func certainty(outcome: DeliveryOutcome, mayBeOut: Bool) {
        let begun = course.beginning(Delivery(.waiting(until: Self.now), channel: .mssante), at: Self.now, chance: 1)
        #expect(begun.mayBeOut)
        #expect(course.after(outcome, begun, on: .mssante, at: Self.now, chance: 1).mayBeOut == mayBeOut)
        // What may have gone out before may have done so still.
        #expect(course.after(outcome, begun, on: .mssante, at: Self.now, chance: 1, mayHaveBeenOut: true).mayBeOut)
    }

    @Test("Given a clock set back, when an attempt begins, then patience is counted from now")
    func clock() {
        let begun = Delivery(.waiting(until: Self.now), channel: .mssante, attempts: 1, since: Self.now.adding(hours: 9))
        #expect(course.beginning(begun, at: Self.now, chance: 1).since == Self.now)
    }
}
