import Coordination
import EventStore
import Notifications
import Pathways
import TestSupport
import Testing
import Timekeeping

/// Facts of messages in the log, each once.
struct LedgerDeskTests {
    private let nurse = Practice.nurse

    private func events(_ practice: Practice, _ rpps: String) throws -> [RecordedEvent] {
        try practice.log.read(stream: Practice.streams.recipient(rpps), fromVersion: 1, limit: .max)
    }

    @Test func givenAHandOverWhenItIsRecordedAgainThenItIsInTheLogOnceWithItsAuthor() async throws {
        let practice = try await Practice()
        for _ in 0..<3 { try await practice.ledger.record(handOver: Fact.handOver("m1", to: nurse)) }
        let events = try events(practice, nurse)
        #expect(events.map(\.type) == [MessageHandedOver.type])
        #expect(events.map(\.source) == ["urn:relais:notifier"])
        #expect(events.first?.keyID == Practice.streams.recipient(nurse).hex)
        let key = NewsKey(event: "e-m1", recipient: nurse, template: "offer-named", followUp: "f")
        #expect(try practice.ledger.recipient(nurse).recipient.wasTold(key))
        #expect(try practice.ledger.recipient(Practice.doctor).recipient.messageCount == 0)
    }

    @Test func givenAMessageWhenItsFactsComeThenEachIsKeptForItsChannelAndReminder() async throws {
        let practice = try await Practice()
        let ledger = practice.ledger
        try await ledger.record(handOver: Fact.handOver("m1", to: nurse))
        try await ledger.record(handOver: Fact.handOver("m1", to: nurse, by: .sms))
        for _ in 0..<2 {
            try await ledger.record(delivered: MessageDelivered(recipient: nurse, message: "m1", channel: .sms, at: Sample.start))
            try await ledger.record(opened: MessageOpened(recipient: nurse, message: "m1", via: .page, at: Sample.start))
            try await ledger.record(opened: MessageOpened(recipient: nurse, message: "m1", via: .link, channel: .sms, at: Sample.start))
            try await ledger.record(
                bounced: MessageBounced(recipient: nurse, message: "m1", channel: .email, at: Sample.start, reason: .unknownAddress)
            )
        }
        let message = try #require(try practice.record(of: "m1", to: nurse))
        #expect(message.handOvers.map(\.channel) == [.email, .sms])
        #expect(message.deliveries.count == 1 && message.openings.count == 2 && message.bounces.count == 1)
        #expect(try events(practice, nurse).count == 6)
    }

    @Test func givenNothingHandedOverWhenADeliveryIsReportedThenItIsRefused() async throws {
        let practice = try await Practice()
        await #expect(throws: Rejection.self) {
            try await practice.ledger.record(delivered: MessageDelivered(recipient: nurse, message: "m1", channel: .sms, at: Sample.start))
        }
        #expect(try events(practice, nurse).isEmpty)
    }

    @Test func givenTwoDesksThatRememberDifferentThingsWhenBothRecordThenNothingIsLost() async throws {
        let practice = try await Practice()
        let other = LedgerDesk(
            coordinator: Coordinator(
                log: practice.log,
                sealer: practice.sealer,
                streams: Practice.streams,
                time: practice.clock.source,
                ids: practice.coordinator.ids
            ),
            table: practice.table
        )
        try await practice.ledger.record(handOver: Fact.handOver("m0", to: nurse))
        try await other.record(handOver: Fact.handOver("m1", to: nurse))
        try await practice.ledger.record(handOver: Fact.handOver("m2", to: nurse))
        try await other.record(bounced: MessageBounced(recipient: nurse, message: "m2", channel: .email, at: Sample.start, reason: .other))
        let nurse = nurse
        await withTaskGroup { group in
            for index in 10..<40 {
                let ledger = index.isMultiple(of: 2) ? practice.ledger : other
                group.addTask {
                    for _ in 0..<20 {
                        do { return try await ledger.record(handOver: Fact.handOver("m\(index)", to: nurse)) } catch { continue }
                    }
                }
            }
        }
        for desk in [practice.ledger, other] {
            let known = try desk.recipient(nurse).recipient
            #expect(known.messageCount == 33)
            let says = try events(practice, nurse).compactMap { try DomainEvent(type: $0.type, payload: $0.payload) }
            #expect(known == Recipient(rpps: nurse, folding: says))
        }
        #expect(try events(practice, nurse).count == 34)
    }

    @Test func givenSomebodyElseWhenTheySetChannelsThenItIsRefusedButForTheReferent() async throws {
        let practice = try await Practice()
        let channels = [ChannelAddress(kind: .sms, address: "06 39 98 00 01"), ChannelAddress(kind: .inapp)]
        func set(by rpps: String, of person: String, key: String) async throws {
            let caller = try practice.caller(rpps)
            _ = try await practice.ledger.setChannels(channels, of: person, by: caller, key: RequestKey(key: key, body: Array(key.utf8)))
        }
        await #expect { try await set(by: Practice.doctor, of: nurse, key: "k1") } throws: { ($0 as? Rejection)?.code == .referentOnly }
        await #expect { try await set(by: Staff.referent, of: Staff.stranger, key: "k2") } throws: {
            ($0 as? Rejection)?.code == .unknownProfessional
        }
        try await set(by: Staff.referent, of: nurse, key: "k3")
        try await set(by: nurse, of: nurse, key: "k4")
        #expect(try events(practice, nurse).count == 1)
        let known = try practice.ledger.recipient(nurse)
        #expect(known.recipient.channels(in: known.territory.territory).map(\.kind) == [.sms, .inapp])
        await #expect(throws: EventStoreError.self) {
            let caller = try practice.caller(nurse)
            _ = try await practice.ledger.setChannels([], of: nurse, by: caller, key: RequestKey(key: "k4", body: [9]))
        }
    }
}
