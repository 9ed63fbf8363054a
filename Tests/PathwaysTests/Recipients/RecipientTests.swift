import Pathways
import TestSupport
import Testing
import Timekeeping

@Suite("What a recipient wants, and what they were told")
struct RecipientTests {
    private static let rpps = "99999000021"
    private static let pathway = String(repeating: "ab", count: 16)
    private static let message = RecipientSamples.message
    private static let at = Example.instant("2026-11-16T14:05:00+01:00")
    private static let items = [
        ToldItem(event: "019a8b2c-0000-7000-8000-00000000002b", template: "offer-named", pathway: pathway, followUp: "f1"),
        ToldItem(event: "019a8b2c-0000-7000-8000-00000000002c", template: "admission-notice", pathway: pathway),
    ]

    private func recipient(_ events: [DomainEvent] = []) -> Recipient { Recipient(rpps: Self.rpps, folding: events) }

    private func handed(_ channel: ChannelKind = .mssante, reminder: Int = 0, items: [ToldItem] = items, attempts: Int = 1) -> MessageHandedOver {
        MessageHandedOver(
            recipient: Self.rpps,
            message: Self.message,
            channel: channel,
            items: items,
            urgency: .routine,
            reminder: reminder,
            attempts: attempts,
            at: Self.at
        )
    }

    private func opened(_ via: OpeningWay, _ channel: ChannelKind? = nil) -> MessageOpened {
        MessageOpened(recipient: Self.rpps, message: Self.message, via: via, channel: channel, at: Self.at)
    }

    private func bounced(_ channel: ChannelKind = .mssante, code: String? = "5.1.1") -> MessageBounced {
        MessageBounced(recipient: Self.rpps, message: Self.message, channel: channel, at: Self.at, reason: .unknownAddress, code: code)
    }

    private func delivered(_ channel: ChannelKind = .mssante) -> MessageDelivered {
        MessageDelivered(recipient: Self.rpps, message: Self.message, channel: channel, at: Self.at)
    }

    private func undeliverable(told: String? = "99999000013") -> MessageUndeliverable {
        MessageUndeliverable(
            recipient: Self.rpps,
            message: Self.message,
            items: Self.items,
            tried: [.mssante],
            reason: .refused,
            told: told,
            at: Self.at
        )
    }

    private func wish(
        _ channels: [ChannelAddress],
        muting: [String] = [],
        quiet: QuietHours? = nil,
        of rpps: String = rpps
    ) -> ChannelsSet {
        ChannelsSet(recipient: rpps, channels: channels, quietHours: quiet, mutedTemplates: muting, by: Example.by(rpps))
    }

    private func expect(_ code: Rejection.Code, sourceLocation: SourceLocation = #_sourceLocation, _ decide: () throws(Rejection) -> Any?) {
        do throws(Rejection) {
            let answer = try decide()
            Issue.record("expected \(code.rawValue), but \(String(describing: answer))", sourceLocation: sourceLocation)
        } catch {
            #expect(error.code == code, sourceLocation: sourceLocation)
            #expect(!error.message.isEmpty)
        }
    }

    // MARK: - Preferences

    @Test func withoutAWishTheDirectoryDecides() throws {
        let territory = try Shipped.territory.get()
        let expected = ["mssante antoine.praud@medecin.mssante.example", "email antoine.praud@cabinet.example", "sms +33639980001"]
        #expect(recipient().channels(in: territory).map { "\($0.kind.rawValue) \($0.address ?? "")" } == expected)
        #expect(recipient().quietTimes(in: territory).hours == QuietHours(from: 1_200, to: 420))
        #expect(Recipient(rpps: "10000023084").channels(in: territory).isEmpty && Recipient(rpps: "nobody").channels(in: nil).isEmpty)
    }

    @Test func aWishReplacesAllThatWasSaidBefore() throws {
        let table = try NewsTable.shipped()
        let territory = try Shipped.territory.get()
        let wanted = wish(
            [ChannelAddress(kind: .sms, address: "06 39 98 00 02"), ChannelAddress(kind: .mssante, address: "a@Mssante.example")],
            muting: ["discharge-notice", "admission-notice"],
            quiet: QuietHours(from: 0, to: 0)
        )
        let set = try #require(try recipient().decide(wanted, under: table, in: territory))
        #expect(set.channels.map(\.address) == ["+33639980002", "a@mssante.example"])
        let changed = recipient([.channelsSet(set)])
        #expect(changed.channels(in: territory) == set.channels)
        #expect(changed.mutes("admission-notice") && !changed.mutes("planned-discharge"))
        // Quiet hours that end when they begin are none.
        #expect(changed.quietTimes(in: territory).end(at: Example.instant("2026-11-17T02:00:00+01:00")) == nil)
        #expect(try changed.decide(wanted, under: table, in: territory) == nil, "said twice")
        let none = try #require(try changed.decide(wish([]), under: table, in: territory))
        #expect(recipient([.channelsSet(set), .channelsSet(none)]).channels(in: territory).isEmpty)
    }

    @Test func nonsenseIsRefused() throws {
        let table = try NewsTable.shipped()
        let territory = try Shipped.territory.get()
        let sms = ChannelAddress(kind: .sms, address: "0639980002")
        func refuse(_ code: Rejection.Code, _ wanted: ChannelsSet, sourceLocation: SourceLocation = #_sourceLocation) {
            expect(code, sourceLocation: sourceLocation) { () throws(Rejection) in
                try recipient().decide(wanted, under: table, in: territory)
            }
        }
        refuse(.invalidAddress, wish([ChannelAddress(kind: .email, address: "0639980002")]))
        refuse(.invalidAddress, wish([ChannelAddress(kind: .email)]))
        refuse(.invalidAddress, wish([ChannelAddress(kind: .inapp, address: "x")]))
        refuse(.invalidAddress, wish([ChannelAddress(kind: .webhook, address: "http://officine.example/")]))
        refuse(.invalidAddress, wish([ChannelAddress(kind: .mssante, address: "a@mail.example")]))
        refuse(.writtenTwice, wish([sms, sms]))
        refuse(.writtenTwice, wish([sms], muting: ["admission-notice", "admission-notice"]))
        refuse(.unknownTemplate, wish([sms], muting: ["newsletter"]))
        for template in ["offer-named", "follow-up-overdue", "alert-sign", "follow-up-withdrawn", "patient-corrected"] {
            refuse(.notMutable, wish([sms], muting: [template]))
        }
        refuse(.messageReused, wish([sms], of: "99999000039"))
    }

    // MARK: - Ledger

    @Test func aFactToldTwiceRecordsNothing() throws {
        var recipient = recipient()
        let facts: [(DomainEvent, (Recipient) throws -> Bool)] = [
            (.messageHandedOver(handed()), { try $0.decide(handed(attempts: 3)) == nil }),
            (.messageHandedOver(handed(reminder: 1)), { try $0.decide(handed(reminder: 1)) == nil }),
            (.messageHandedOver(handed(.sms)), { try $0.decide(handed(.sms)) == nil }),
            (.messageDelivered(delivered()), { try $0.decide(delivered()) == nil }),
            (.messageOpened(opened(.link, .mssante)), { try $0.decide(opened(.link, .mssante)) == nil }),
            (.messageOpened(opened(.page)), { try $0.decide(opened(.page)) == nil }),
            (.messageBounced(bounced()), { try $0.decide(bounced(code: nil)) == nil }),
            (.messageUndeliverable(undeliverable()), { try $0.decide(undeliverable(told: nil)) == nil }),
        ]
        for (event, isKnown) in facts {
            #expect(try !isKnown(recipient), "\(event)")
            recipient.evolve(with: event)
            #expect(try isKnown(recipient), "\(event)")
        }
        #expect(recipient.messageCount == 1)
    }

    @Test func openedBeforeDeliveredIsFine() throws {
        let events: [DomainEvent] = [.messageHandedOver(handed(.sms)), .messageOpened(opened(.link, .sms))]
        #expect(try recipient(events).decide(delivered(.sms)) != nil)
        let all = events + [.messageDelivered(delivered(.sms))]
        let message = try #require(MessageRecord(Self.message, folding: all))
        #expect(message.stage == .opened && message.deliveredAt == Self.at && message.openedAt == Self.at)
        #expect(recipient(all).message(Self.message)?.stage == .opened)
    }

    @Test func aBounceAfterADeliveryIsRecordedAndCounts() throws {
        let events: [DomainEvent] = [.messageHandedOver(handed()), .messageDelivered(delivered())]
        #expect(recipient(events).message(Self.message)?.stage == .delivered)
        #expect(try recipient(events).decide(bounced()) != nil)
        let back = recipient(events + [.messageBounced(bounced())])
        #expect(back.message(Self.message)?.stage == .bounced && back.message(Self.message)?.standing.isEmpty == true)
        #expect(!back.wasTold(Self.items[0].key(for: Self.rpps)))
        // Another channel takes it.
        let taken = recipient(events + [.messageBounced(bounced()), .messageHandedOver(handed(.sms))])
        #expect(taken.message(Self.message)?.stage == .handedOver && taken.message(Self.message)?.standing == [.sms])
        let ended = recipient(events + [.messageBounced(bounced()), .messageUndeliverable(undeliverable())])
        #expect(ended.message(Self.message)?.stage == .undeliverable)
    }

    @Test func theLedgerAnswersForANewsAndForAPathway() {
        let told = recipient([.messageHandedOver(handed())])
        let key = NewsKey(event: Self.items[0].event, recipient: Self.rpps, template: "offer-named", followUp: "f1")
        #expect(told.wasTold(key) && told.lastHandOver(of: key) == Self.at)
        #expect(!told.wasTold(NewsKey(event: Self.items[0].event, recipient: Self.rpps, template: "offer-named", followUp: "f2")))
        #expect(told.wasTold(of: Self.pathway, as: ["admission-notice"]) && !told.wasTold(of: Self.pathway, as: ["discharge-notice"]))
        #expect(told.wasTold(of: Self.pathway, followUp: "f1", as: ["offer-named"]))
        #expect(!told.wasTold(of: "another", as: ["admission-notice"]) && told.message(Self.message)?.items == Self.items)
        #expect(!told.wasTold(of: Self.pathway, followUp: "f2", as: ["offer-named"]))
        #expect(!recipient([.messageUndeliverable(undeliverable())]).wasTold(key), "nobody took it")
    }

    @Test func whatCannotBeIsRefused() {
        let known = recipient([.messageHandedOver(handed())])
        let others = [ToldItem(event: Self.items[0].event, template: "offer-pool")]
        expect(.unknownMessage) { () throws(Rejection) in try recipient().decide(delivered()) }
        expect(.unknownMessage) { () throws(Rejection) in try recipient().decide(opened(.page)) }
        expect(.unknownMessage) { () throws(Rejection) in try known.decide(bounced(.email)) }
        expect(.unknownMessage) { () throws(Rejection) in try known.decide(opened(.link, .email)) }
        expect(.invalidFact) { () throws(Rejection) in try known.decide(opened(.link)) }
        expect(.invalidFact) { () throws(Rejection) in try known.decide(handed(reminder: 3)) }
        expect(.invalidFact) { () throws(Rejection) in try known.decide(handed(.sms, attempts: 0)) }
        expect(.invalidFact) { () throws(Rejection) in try known.decide(handed(.sms, items: [])) }
        expect(.messageReused) { () throws(Rejection) in try known.decide(handed(.sms, items: others)) }
        expect(.invalidFact) { () throws(Rejection) in try known.decide(bounced(code: "KO MARTIN Zoé 29/02/1948")) }
        expect(.invalidFact) { () throws(Rejection) in try known.decide(undeliverable(told: Self.rpps)) }
        expect(.messageReused) { () throws(Rejection) in try Recipient(rpps: "99999000039").decide(handed()) }
    }

    /// Whatever comes, in whatever order and however often: what is recorded is recorded once, and the log tells the same anew.
    @Test(arguments: UInt64(1)...8) func anyOrderOfFactsIsTakenOnce(seed: UInt64) {
        var chance = SplitMix64(seed: seed)
        let channels: [ChannelKind] = [.mssante, .sms]
        var recipient = recipient()
        var log: [DomainEvent] = []
        for _ in 0..<300 {
            let channel = channels.randomElement(using: &chance) ?? .sms
            let event: DomainEvent? =
                switch Int.random(in: 0..<6, using: &chance) {
                case 0: (try? recipient.decide(handed(channel, reminder: Int.random(in: 0...2, using: &chance)))).map { .messageHandedOver($0) }
                case 1: (try? recipient.decide(delivered(channel))).map { .messageDelivered($0) }
                case 2: (try? recipient.decide(opened(.link, channel))).map { .messageOpened($0) }
                case 3: (try? recipient.decide(opened(.feed))).map { .messageOpened($0) }
                case 4: (try? recipient.decide(bounced(channel))).map { .messageBounced($0) }
                default: (try? recipient.decide(undeliverable())).map { .messageUndeliverable($0) }
                }
            guard let event else { continue }
            recipient.evolve(with: event)
            log.append(event)
        }
        // Two channels with three hand-overs, a delivery, a link and a bounce each; the feed, and the end.
        #expect(log.count == 14, "seed \(seed)")
        #expect(Set(log).count == log.count && self.recipient(log) == recipient && recipient.messageCount == 1)
    }

    @Test func anErasureLeavesNothing() {
        let erased = recipient([.messageHandedOver(handed()), .streamErased(StreamErased(erasure: "x"))])
        #expect(erased == recipient())
    }
}
