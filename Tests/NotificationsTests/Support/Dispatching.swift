import EventStore
import Logging
import NotificationChannels
import Notifications
import Pathways
import Synchronization
import TestSupport
import Testing
import Timekeeping

/// What all tests of the dispatcher share: the territory and the table that are shipped, and people of it.
enum Town {
    /// Secure mail, mail, mobile.
    static let praud = "99999000021"
    /// Secure mail alone.
    static let bretaud = "99999000039"
    /// No channel at all.
    static let girard = "99999000229"
    static let referent = "99999000013"
    static let pathway = String(repeating: "ab", count: 16)

    static let table = Result { () throws(FileErrors) in try NewsTable.shipped() }
    static let territory = Result { () throws(FileErrors) in try state(yaml: BundledFiles.demoTerritory) }

    static func state(yaml: String) throws(FileErrors) -> TerritoryState {
        var state = TerritoryState()
        try state.evolve(with: TerritoryPublished(territory: "test", digest: String(repeating: "0", count: 64), content: yaml))
        return state
    }

    static func at(_ text: String) -> Instant { TestSupport.at(text) }

    static func news(
        _ event: String,
        to rpps: String = praud,
        as template: String = "admission-notice",
        urgency: News.Urgency = .routine,
        pathway: String? = pathway,
        followUp: String? = nil,
        answerBy: Instant? = nil,
        asks: Bool = false
    ) -> News {
        News(
            key: NewsKey(event: event, recipient: rpps, template: template, followUp: followUp),
            occurredAt: Instant(millisecondsSinceEpoch: 0),
            urgency: urgency,
            pathway: pathway,
            followUp: followUp,
            answerBy: answerBy,
            asks: asks,
            named: true
        )
    }
}

/// A clock that tests move.
final class DispatchClock: Sendable {
    private let instant: Mutex<Instant>

    init(_ start: Instant) { instant = Mutex(start) }

    var now: Instant {
        get { instant.withLock { $0 } }
        set { instant.withLock { $0 = newValue } }
    }

    var source: TimeSource { TimeSource { self.now } }
}

/// The same seed gives the same numbers.
final class DispatchChance: RandomNumberGenerator, Sendable {
    private let state: Mutex<UInt64>

    init(seed: UInt64) { state = Mutex(seed) }

    func next() -> UInt64 {
        state.withLock { state in
            state &+= 0x9E37_79B9_7F4A_7C15
            var mixed = state
            mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
            mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
            return mixed ^ mixed >> 31
        }
    }

    /// Whether something that happens so often happens.
    func isOne(in count: UInt64) -> Bool { next() % count == 0 }
    func below(_ count: Int) -> Int { Int(next() % UInt64(max(1, count))) }
}

/// A ledger in memory, that holds facts against the rules that the log's holds them against.
final class MemoryLedger: Ledger {
    private struct State {
        var recipients: [String: Recipient] = [:]
        var undeliverable: [MessageUndeliverable] = []
    }

    private let state = Mutex(State())
    let territory: TerritoryState

    init(_ territory: TerritoryState) { self.territory = territory }

    func add(_ event: DomainEvent, of rpps: String) {
        state.withLock { $0.recipients[rpps, default: Recipient(rpps: rpps)].evolve(with: event) }
    }

    func recipient(_ rpps: String) -> (recipient: Recipient, territory: TerritoryState) {
        (state.withLock { $0.recipients[rpps] } ?? Recipient(rpps: rpps), territory)
    }

    func record(handOver: MessageHandedOver) async throws {
        try state.withLock { state in
            guard let fact = try (state.recipients[handOver.recipient] ?? Recipient(rpps: handOver.recipient)).decide(handOver) else { return }
            state.recipients[fact.recipient, default: Recipient(rpps: fact.recipient)].evolve(with: .messageHandedOver(fact))
        }
    }

    func record(undeliverable: MessageUndeliverable) async throws {
        try state.withLock { state in
            guard let fact = try (state.recipients[undeliverable.recipient] ?? Recipient(rpps: undeliverable.recipient)).decide(undeliverable) else {
                return
            }
            state.recipients[fact.recipient, default: Recipient(rpps: fact.recipient)].evolve(with: .messageUndeliverable(fact))
            state.undeliverable.append(fact)
        }
    }

    var undeliverable: [MessageUndeliverable] { state.withLock { $0.undeliverable } }
}

/// A text that tells nothing but what a receiver recognises a repeat by.
struct PlainRenderer: MessageRenderer {
    struct Unreadable: Error {}

    var erased: Set<String> = []
    var unreadable: Set<String> = []

    func render(_ message: OutboxMessage, for channel: ChannelKind) throws -> RenderedMessage? {
        if message.items.contains(where: { unreadable.contains($0.key.event) }) { throw Unreadable() }
        if message.items.contains(where: { erased.contains($0.key.event) }) { return nil }
        return RenderedMessage(
            id: message.id,
            messageID: "<\(message.id).\(channel.rawValue)@relais.example>",
            subject: "\(message.reminder)",
            text: message.recipient,
            keys: message.items.map { "\($0.key)" },
            createdAt: message.madeAt,
            urgency: Lane(of: message) == .urgent ? .urgent : .routine
        )
    }
}

/// Answers as its script says, and remembers what it was given.
final class ScriptedChannel: NotificationChannel {
    struct Taken: Sendable {
        let message: RenderedMessage
        let address: String
        let channel: ChannelName
        let outcome: DeliveryOutcome
    }

    let kind: ChannelName
    private let script: @Sendable (RenderedMessage, String) async -> DeliveryOutcome
    private let log = Mutex<[Taken]>([])

    init(
        _ kind: ChannelName,
        _ script: @escaping @Sendable (RenderedMessage, String) async -> DeliveryOutcome = { _, _ in .handedOver(receipt: nil) }
    ) {
        self.kind = kind
        self.script = script
    }

    func deliver(_ message: RenderedMessage, to address: String) async -> DeliveryOutcome {
        let outcome = await script(message, address)
        log.withLock { $0.append(Taken(message: message, address: address, channel: kind, outcome: outcome)) }
        return outcome
    }

    var taken: [Taken] { log.withLock { $0 } }
}

extension Logger {
    static var silent: Logger { Logger(label: "test") { _ in SwiftLogNoOpLogHandler() } }
}
