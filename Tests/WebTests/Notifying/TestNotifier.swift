import Coordination
import Logging
import Notifications
import Pathways
import Synchronization
import Testing
import Timekeeping

@testable import Web

/// What tells people, in memory: the outbox is a real one, the ledger takes wishes as the real one does, the rest is as the test says.
final class TestNotifier: Sendable {
    struct State {
        var recipients: [String: Recipient] = [:]
        var opened: [OpeningQueue.Opening] = []
        var lists: [String] = []
        /// What the next openings are answered; true beyond.
        var answers: [Result<Bool, Trouble>] = []
        var parked: [StoppedMessage] = []
        var undeliverable: [StoppedMessage] = []
        var undeliverableSince: Instant?
        var retried: [String] = []
        var rows: [LedgerRow] = []
    }

    struct Trouble: Error {}

    let outbox = InMemoryOutbox()
    let state = Mutex(State())
    let queue: OpeningQueue
    let pace: NewsFeedPace
    private let name: String

    init(
        outbox name: String = "essai",
        pace: NewsFeedPace = NewsFeedPace(look: .milliseconds(2), farewell: .milliseconds(200)),
        limit: Int = 10_000
    ) {
        self.name = name
        self.pace = pace
        let notes = Notes()
        queue = OpeningQueue(
            opened: { try notes.opened($0) },
            sawList: { try notes.sawList($0) },
            limit: limit,
            pause: .milliseconds(2),
            logger: Logger(label: "openings") { _ in SwiftLogNoOpLogHandler() }
        )
        notes.owner.withLock { owner in
            owner = { [weak self] change in self?.state.withLock { change(&$0) } }
        }
    }

    /// Breaks the circle between the queue and whoever notes for it.
    private final class Notes: Sendable {
        let owner = Mutex<(@Sendable ((inout State) -> Void) -> Void)?>(nil)

        func opened(_ opening: OpeningQueue.Opening) throws -> Bool {
            var answer = Result<Bool, Trouble>.success(true)
            owner.withLock { $0 }? { state in
                if !state.answers.isEmpty { answer = state.answers.removeFirst() }
                if case .success(true) = answer { state.opened.append(opening) }
            }
            return try answer.get()
        }

        func sawList(_ rpps: String) throws {
            owner.withLock { $0 }? { $0.lists.append(rpps) }
        }
    }

    // MARK: - What it knows

    /// Noted openings, each with the way it was seen.
    func opened() async -> [OpeningQueue.Opening] {
        await queue.workOff()
        return state.withLock { $0.opened }
    }

    func lists() async -> [String] {
        await queue.workOff()
        return state.withLock { $0.lists }
    }

    static let at = Instant(millisecondsSinceEpoch: 1_795_680_000_000)

    /// Forms one message; the events are told by their names.
    @discardableResult
    func form(_ events: [String], to rpps: String, asks: Bool = true, state: Delivery.State = .waiting(until: at)) -> String {
        let message = OutboxMessage(
            recipient: rpps,
            urgency: .routine,
            reminder: 0,
            madeAt: Self.at,
            position: 7,
            items: events.map { event in
                News(
                    key: NewsKey(event: event, recipient: rpps, template: "offer-named", followUp: "f-\(event)"),
                    occurredAt: Self.at,
                    urgency: .routine,
                    pathway: "0f0e0d0c0b0a09080706050403020100",
                    followUp: "f-\(event)",
                    answerBy: asks ? Self.at.adding(minutes: 60) : nil,
                    asks: asks,
                    named: true
                )
            },
            delivery: Delivery(state)
        )
        outbox.form(message)
        return message.id
    }

    // MARK: - Services

    static let titles = [
        "offer-named": "Un suivi vous est proposé", "discharge-notice": "Une sortie d’hôpital", "prado-left": "Fin du service PRADO",
    ]

    func services(_ coordinator: Coordinator) -> NotificationServices {
        NotificationServices(
            messages: { [outbox] in outbox.messages(for: $0, after: $1, limit: $2) },
            outbox: name,
            key: { "key-\($0.event)-\($0.template)" },
            recipient: { rpps in self.state.withLock { $0.recipients[rpps] } ?? Recipient(rpps: rpps) },
            setChannels: { wishes, rpps, caller, key in try await self.set(wishes, of: rpps, by: caller, key, coordinator) },
            openings: queue,
            parked: { self.state.withLock { $0.parked } },
            undeliverable: { since in
                self.state.withLock { state in
                    state.undeliverableSince = since
                    return state.undeliverable.filter { $0.since >= since }
                }
            },
            retry: { message in
                self.state.withLock { state in
                    guard state.parked.contains(where: { $0.message == message }) else { return false }
                    state.parked.removeAll { $0.message == message }
                    state.retried.append(message)
                    return true
                }
            },
            ledger: { _ in self.state.withLock { $0.rows } },
            channels: [.mssante, .email, .sms],
            title: { Self.titles[$0] ?? $0 },
            mutableTemplates: ["discharge-notice", "prado-left"],
            pace: pace
        )
    }

    private func set(
        _ wishes: ChannelWishes,
        of rpps: String,
        by caller: Caller,
        _ key: RequestKey,
        _ coordinator: Coordinator
    ) async throws -> Coordinator.Outcome {
        let decided = Mutex<Recipient?>(nil)
        let outcome = try await coordinator.performRecordingReuse(key.command(for: caller), caller) { work in
            let territory = try work.territory().territory
            let wanted = ChannelsSet(
                recipient: rpps,
                channels: wishes.channels,
                quietHours: wishes.quietHours,
                mutedTemplates: wishes.mutedTemplates,
                by: caller.attribution
            )
            var recipient = self.state.withLock { $0.recipients[rpps] } ?? Recipient(rpps: rpps)
            if let fact = try recipient.decide(wanted, under: try NewsTable.shipped(), in: territory) {
                recipient.evolve(with: .channelsSet(fact))
            }
            decided.withLock { [recipient] in $0 = recipient }
            return []
        }
        state.withLock { [recipient = decided.withLock { $0 }] in $0.recipients[rpps] = recipient }
        return outcome
    }
}
