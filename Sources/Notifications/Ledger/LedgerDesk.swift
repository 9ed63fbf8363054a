public import Coordination
import EventStore
public import Pathways
import Timekeeping

/// The ledger in the log: each fact of a message once, under a key of its own, and how somebody wants to be told.
public struct LedgerDesk: Ledger, ReportLedger {
    /// `source` of the facts.
    public static let source = "urn:relais:notifier"
    static let scope = "notifier"

    private let coordinator: Coordinator
    private let table: NewsTable

    public init(coordinator: Coordinator, table: NewsTable) {
        self.coordinator = coordinator
        self.table = table
    }

    // MARK: - Reading

    public func recipient(_ rpps: String) throws -> (recipient: Recipient, territory: TerritoryState) {
        let recipient = try coordinator.loader.recipient(coordinator.streams.recipient(rpps), rpps: rpps)
        return (recipient.state, try coordinator.loader.territory(coordinator.streams.territory).state)
    }

    // MARK: - What becomes of a message

    public func record(handOver fact: MessageHandedOver) async throws {
        try await record(fact, of: fact.recipient, key: [fact.message, "handed-over", fact.channel.rawValue, String(fact.reminder)]) {
            try $0.decide(fact)
        }
    }

    public func record(undeliverable fact: MessageUndeliverable) async throws {
        try await record(fact, of: fact.recipient, key: [fact.message, "undeliverable", "", ""]) { try $0.decide(fact) }
    }

    /// Records that a channel says that a message reached its address. Nothing if that is recorded already.
    ///
    /// - Throws: `Rejection` if that channel never took the message; `EventStoreError`.
    public func record(delivered fact: MessageDelivered) async throws {
        try await record(fact, of: fact.recipient, key: [fact.message, "delivered", fact.channel.rawValue, ""]) { try $0.decide(fact) }
    }

    /// Records that the person saw a message. Nothing if it is recorded already that they did in this way.
    ///
    /// - Throws: `Rejection` if nothing is known of the message; `EventStoreError`.
    public func record(opened fact: MessageOpened) async throws {
        let key = [fact.message, "opened-\(fact.via.rawValue)", fact.channel?.rawValue ?? "", ""]
        try await record(fact, of: fact.recipient, key: key) { try $0.decide(fact) }
    }

    /// Records that a channel gave a message back. Nothing if that is recorded already.
    ///
    /// - Throws: `Rejection` if that channel never took the message; `EventStoreError`.
    public func record(bounced fact: MessageBounced) async throws {
        try await record(fact, of: fact.recipient, key: [fact.message, "bounced", fact.channel.rawValue, ""]) { try $0.decide(fact) }
    }

    private func record<Fact: EventBody>(
        _ fact: Fact,
        of rpps: String,
        key: [String],
        _ decide: (Recipient) throws -> Fact?
    ) async throws {
        let author = Author(source: Self.source, occurredAt: coordinator.time.now())
        let command = CommandKey(scope: Self.scope, key: key.joined(separator: "/"), body: [], match: .keyAlone)
        _ = try await coordinator.perform(command, remembersNothing: false) { work in
            try work.decide(on: rpps, by: author, decide)
            return []
        }
    }

    // MARK: - How somebody wants to be told

    /// Sets somebody's channels, quiet hours and what they want no message about, in place of all that was set before.
    ///
    /// - Throws: `Rejection` `referent-only` for anybody else than themselves or the référent-parcours, `unknown-professional`, or what is wrong
    ///   with it; `EventStoreError.commandKeyReused`.
    public func setChannels(
        _ channels: [ChannelAddress],
        quietHours: QuietHours? = nil,
        mutedTemplates: [String] = [],
        of rpps: String,
        by caller: Caller,
        key: RequestKey
    ) async throws -> Coordinator.Outcome {
        let author = Author(source: caller.urn, actor: caller.urn, occurredAt: coordinator.time.now())
        let wanted = ChannelsSet(
            recipient: rpps,
            channels: channels,
            quietHours: quietHours,
            mutedTemplates: mutedTemplates,
            by: caller.attribution
        )
        return try await coordinator.performRecordingReuse(key.command(for: caller), caller) { work in
            guard caller.attribution.rpps == rpps || caller.attribution.capacity == .referent else {
                throw Rejection(.referentOnly, "how somebody is told is set by themselves, or by the référent-parcours")
            }
            let territory = try work.territory().territory
            guard let territory, let person = try? RPPS(rpps), territory.professional(person) != nil || territory.referent.rpps == person else {
                throw Rejection(.unknownProfessional, "the directory holds no professional of this RPPS")
            }
            try work.decide(on: rpps, by: author) { try $0.decide(wanted, under: table, in: territory) }
            return []
        }
    }
}
