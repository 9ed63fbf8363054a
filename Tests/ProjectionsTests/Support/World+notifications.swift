import EventStore
import Pathways
import Timekeeping

@testable import Projections

/// Words for what becomes of messages, at the clock's time.
extension World {
    /// A news of a follow-up of a visit.
    func told(_ visit: String, _ followUp: String? = "f", event: EventID? = nil, template: String = "offer-named") -> ToldItem {
        ToldItem(event: (event ?? ids.next()).description, template: template, pathway: pathway(visit).hex, followUp: followUp)
    }

    @discardableResult
    func handOver(
        _ message: String,
        _ items: [ToldItem],
        to rpps: String,
        _ channel: ChannelKind = .mssante,
        reminder: Int = 0,
        at: Instant? = nil
    ) async throws -> Int64 {
        let body = MessageHandedOver(
            recipient: rpps,
            message: message,
            channel: channel,
            items: items,
            urgency: .urgent,
            reminder: reminder,
            attempts: 2,
            receipt: "4bXq1Z",
            at: at ?? clock.now
        )
        return try await record(body, on: recipient(rpps)).position
    }

    @discardableResult
    func deliver(_ message: String, to rpps: String, _ channel: ChannelKind = .mssante) async throws -> Int64 {
        let body = MessageDelivered(recipient: rpps, message: message, channel: channel, at: clock.now)
        return try await record(body, on: recipient(rpps)).position
    }

    @discardableResult
    func open(_ message: String, by rpps: String, _ via: OpeningWay = .link, _ channel: ChannelKind? = .mssante) async throws -> Int64 {
        let body = MessageOpened(recipient: rpps, message: message, via: via, channel: channel, at: clock.now)
        return try await record(body, on: recipient(rpps)).position
    }

    @discardableResult
    func bounce(_ message: String, to rpps: String, _ channel: ChannelKind = .mssante) async throws -> Int64 {
        let body = MessageBounced(
            recipient: rpps,
            message: message,
            channel: channel,
            at: clock.now,
            reason: .unknownAddress,
            code: "5.1.1"
        )
        return try await record(body, on: recipient(rpps)).position
    }

    @discardableResult
    func giveUp(_ message: String, _ items: [ToldItem], to rpps: String, tried: [ChannelKind] = [], told: String?) async throws -> Int64 {
        let body = MessageUndeliverable(
            recipient: rpps,
            message: message,
            items: items,
            tried: tried,
            reason: tried.isEmpty ? .noChannel : .expired,
            told: told,
            at: clock.now
        )
        return try await record(body, on: recipient(rpps)).position
    }

    func ledger(_ visit: String, asOf position: Int64? = nil) throws -> [ToldLine] {
        try NotificationReader(views: try views()).ledger(ofPathway: pathway(visit), asOf: position)
    }

    func ledger(
        of rpps: String,
        asOf position: Int64? = nil,
        after: Int64? = nil,
        limit: Int = 100,
        _ order: ToldPage.Order = .oldestFirst
    ) throws -> ToldPage {
        try NotificationReader(views: try views())
            .ledger(ofProfessional: rpps, asOf: position, after: after, limit: limit, order: order)
    }

    /// Destroys the keys of streams, and says so in the log.
    func erase(_ streams: [StreamID], _ keys: DestroyedKeys) async throws {
        for stream in streams { keys.destroy(try log.read(stream: stream, fromVersion: 1, limit: .max).map(\.id)) }
        for stream in streams { try await record(StreamErased(erasure: "019f0000-0000-7000-8000-000000000002"), on: stream) }
    }
}
