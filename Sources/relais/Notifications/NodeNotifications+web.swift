import EventStore
import Logging
import Notifications
import Pathways
import Projections
import Timekeeping
import Web

extension NodeNotifications {
    /// The channels that people can choose from, in the order in which they are offered.
    private static let offered: [ChannelKind] = [.mssante, .email, .sms, .webhook]

    /// What the pages and the API show and change.
    func webServices(views: Views, logger: Logger) throws -> NotificationServices {
        let ledgerReader = NotificationReader(views: views)
        return NotificationServices(
            messages: { [outbox] in try outbox.messages(for: $0, after: $1, limit: $2) },
            outbox: try outbox.name(),
            key: { LogRenderer.key(of: $0) },
            recipient: { [ledger] in try ledger.recipient($0).recipient },
            setChannels: { [ledger, channels] wishes, rpps, caller, key in
                let kept = try ledger.recipient(rpps)
                try channels.check(wishes.channels, keeping: kept.recipient.channels(in: kept.territory.territory))
                return try await ledger.setChannels(
                    wishes.channels,
                    quietHours: wishes.quietHours,
                    mutedTemplates: wishes.mutedTemplates,
                    of: rpps,
                    by: caller,
                    key: key
                )
            },
            openings: openings,
            parked: { [outbox] in try outbox.parked().compactMap(StoppedMessage.init) },
            undeliverable: { since in Self.stopped(try ledgerReader.undeliverable(since: since)) },
            retry: { [self] in try await retryAnywhere($0) },
            ledger: { pathway in
                guard let stream = StreamID(hex: pathway) else { return [] }
                return try ledgerReader.ledger(ofPathway: stream).map { line in
                    LedgerRow(line.item, in: line.message, to: line.recipient.rpps, actedAt: line.acted?.at)
                }
            },
            channels: Self.offered.filter { channels[$0] != nil },
            title: { [book] in book[$0]?.subject ?? $0 },
            mutableTemplates: table.mutableTemplates.sorted()
        )
    }

    /// Tries again here; for who tells a person now.
    var retry: MessageRetry { retry(asking: nil) }

    private func retry(asking ask: (@Sendable (OutboxMessage) async throws -> Void)?) -> MessageRetry {
        MessageRetry(outbox: outbox, ledger: ledger, time: time, ask: ask) { [dispatcher] in dispatcher.wake() }
    }

    /// Where somebody else tells the person, they are asked.
    private func retryAnywhere(_ id: String) async throws -> Bool {
        guard let requests, let message = try outbox.message(id), sharing?.shares.holds(message.recipient) != true else {
            return try await retry(id)
        }
        return try await retry(asking: { try await requests.ask($0) })(id)
    }

    /// One for each message, with all that it was to tell.
    private static func stopped(_ lines: [ToldLine]) -> [StoppedMessage] {
        var stopped: [StoppedMessage] = []
        for line in lines {
            guard let failed = line.undeliverable, stopped.last?.message != line.message.id || stopped.last?.recipient != line.recipient.rpps
            else { continue }
            let templates = lines.filter { $0.message.id == line.message.id && $0.recipient == line.recipient }.map(\.item.template)
            stopped.append(
                StoppedMessage(
                    message: line.message.id,
                    recipient: line.recipient.rpps,
                    templates: templates,
                    since: failed.at,
                    cause: .undeliverable(failed.reason, tried: failed.tried, told: failed.told)
                )
            )
        }
        return stopped
    }
}

extension ChannelBook {
    /// - Throws: `Rejection` `unreachable-channel` naming the first that would never bring anything.
    fileprivate func check(_ wishes: [ChannelAddress], keeping kept: [ChannelAddress]) throws {
        guard let (index, refusal) = refusal(of: wishes, keeping: kept) else { return }
        let kind = wishes[index].kind.rawValue
        switch refusal {
        case .notInstalled: throw Rejection(.unreachableChannel, "this installation has no channel of the kind \(kind)")
        case .notAllowed: throw Rejection(.unreachableChannel, "the operator does not allow this address for \(kind): ask for relais.\(kind).hosts")
        }
    }
}

extension OpeningQueue {
    /// Notes openings in the ledger.
    convenience init(outbox: SQLiteOutbox, ledger: LedgerDesk, time: TimeSource, logger: Logger) {
        self.init(
            opened: { opening in
                guard let message = try outbox.message(opening.message) else { return true }
                return try await Self.note(opening, of: message.recipient, in: ledger, at: time.now())
            },
            sawList: { rpps in
                // The latest alone: who looks every day has seen the others.
                let latest = try ledger.recipient(rpps).recipient.latestMessages(200)
                for message in latest where !message.standing.isEmpty && !message.isOpened {
                    _ = try await Self.note(Opening(message: message.id, via: .page), of: rpps, in: ledger, at: time.now())
                }
            },
            logger: logger
        )
    }

    /// - Returns: false while no channel has answered for the message yet.
    private static func note(_ opening: Opening, of rpps: String, in ledger: LedgerDesk, at now: Instant) async throws -> Bool {
        let fact = MessageOpened(recipient: rpps, message: opening.message, via: opening.via, channel: opening.channel, at: now)
        do {
            try await ledger.record(opened: fact)
            return true
        } catch let rejection as Rejection {
            // Whose link it says it was never had the message: nothing to note.
            return rejection.code != .unknownMessage || opening.channel != nil
        }
    }
}
