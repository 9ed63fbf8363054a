public import NotificationChannels
public import Pathways
public import Timekeeping

/// Turns what mail systems and readers' programs report into facts of the ledger, and has a message that came back tried another way.
///
/// A report that comes again changes nothing; one of a mail that is not ours, or of a message long forgotten, is passed over.
public struct ReportDesk: Sendable {
    /// What came of a report.
    public enum Outcome: Hashable, Sendable {
        case recorded
        /// It tells nothing that is kept: a delay, a deletion.
        case passedOver
        /// No message of ours is known by the ids that it names.
        case unknown
        /// The hand-over is not in the log yet: read the report again later.
        case tooEarly
    }

    private let outbox: any Outbox
    private let ledger: any Ledger & ReportLedger
    private let time: TimeSource

    public init(outbox: any Outbox, ledger: any Ledger & ReportLedger, time: TimeSource) {
        self.outbox = outbox
        self.ledger = ledger
        self.time = time
    }

    /// - Throws: `EventStoreError` if the fact could not be recorded: read the report again later. What the domain refuses is passed over.
    public func take(_ report: MailReport) async throws -> Outcome {
        guard let (id, channel) = Self.named(by: report), let (recipient, message) = try known(id) else { return .unknown }
        let now = time.now()
        do {
            switch report.kind {
            case .delivered:
                try await ledger.record(delivered: MessageDelivered(recipient: recipient, message: id, channel: channel, at: now))
            case .displayed:
                try await ledger.record(delivered: MessageDelivered(recipient: recipient, message: id, channel: channel, at: now))
                try await ledger.record(
                    opened: MessageOpened(recipient: recipient, message: id, via: .confirmation, channel: channel, at: now)
                )
            case .failed, .integrationFailed:
                let bounce = MessageBounced(
                    recipient: recipient,
                    message: id,
                    channel: channel,
                    at: now,
                    reason: Self.reason(of: report),
                    code: report.status.flatMap(Self.code)
                )
                try await ledger.record(bounced: bounce)
                if let message {
                    try outbox.tryAnotherWay(message.id, than: channel, at: now)
                } else {
                    try await giveUp(id, of: recipient, now)
                }
            case .relayed, .delayed, .deleted, .handled: return .passedOver
            }
        } catch is Rejection {
            // Nothing was handed over by that channel as far as the log knows: the fact is on its way, or whoever wrote the report knows our
            // ids from elsewhere.
            if case .handedOver = message?.delivery.state { return .tooEarly }
            return .unknown
        }
        return .recorded
    }

    /// Whose message it is: by the outbox, else, where that was lost, by the ledgers of everybody.
    private func known(_ id: String) throws -> (recipient: String, message: OutboxMessage?)? {
        if let message = try outbox.message(id) { return (message.recipient, message) }
        guard let territory = try ledger.recipient("").territory.territory else { return nil }
        let people = territory.professionals.map(\.rpps.value) + [territory.referent.rpps.value]
        return try people.first { try ledger.recipient($0).recipient.message(id) != nil }.map { ($0, nil) }
    }

    /// The outbox forgot how to tell it again: the référent-parcours is told that nobody has it.
    private func giveUp(_ id: String, of rpps: String, _ now: Instant) async throws {
        let (recipient, territory) = try ledger.recipient(rpps)
        guard let record = recipient.message(id), record.standing.isEmpty, !record.isOpened else { return }
        let referent = territory.territory?.referent.rpps.value
        try await ledger.record(
            undeliverable: MessageUndeliverable(
                recipient: rpps,
                message: id,
                items: record.items,
                tried: record.handOvers.map(\.channel),
                reason: .refused,
                told: referent == rpps ? nil : referent,
                at: now
            )
        )
    }

    // MARK: - Reading

    /// Our Message-ID is `<id.channel@domain>`; the envelope's id is the message's alone, which secure mail alone asks reports for.
    private static func named(by report: MailReport) -> (id: String, channel: ChannelKind)? {
        if let name = report.messageID?.drop(while: { $0 == "<" }).split(separator: "@").first {
            let parts = name.split(separator: ".")
            if parts.count == 2, let channel = ChannelKind(rawValue: String(parts[1])) { return (String(parts[0]), channel) }
        }
        return report.envelopeID.map { ($0, .mssante) }
    }

    /// By the enhanced status code (RFC 3463 §3).
    private static func reason(of report: MailReport) -> BounceReason {
        if report.kind == .integrationFailed { return .notIntegrated }
        guard let code = report.status else { return .other }
        let parts = code.split(separator: ".")
        guard parts.count == 3 else { return .other }
        return switch (parts[1], parts[2]) {
        case ("1", "1"), ("1", "2"), ("1", "3"), ("1", "6"), ("1", "10"): .unknownAddress
        case ("2", "2"): .mailboxFull
        case ("4", "7"): .expired
        case ("7", _), ("2", "1"): .refused
        default: .other
        }
    }

    private static func code(_ text: String) -> String? {
        let isCode =
            (1...40).contains(text.utf8.count)
            && text.utf8.allSatisfy {
                $0 < 0x80 && ((0x30...0x39).contains($0) || (0x41...0x5A).contains($0) || (0x61...0x7A).contains($0) || $0 == 0x2E || $0 == 0x2D)
            }
        return isCode ? text : nil
    }
}

/// Where facts about messages on their way are recorded, once each.
public protocol ReportLedger: Sendable {
    func record(delivered: MessageDelivered) async throws
    func record(opened: MessageOpened) async throws
    func record(bounced: MessageBounced) async throws
}
