public import Pathways

/// The ledger of a node that copies the log: it reads its copy, and has the writer record its facts.
///
/// A fact counts as recorded once the copy has it: then every node that takes over, after it has read the log to its end, knows of it.
public struct CourierLedger: Ledger {
    /// Milliseconds after which a fact is sent once more, at the next look.
    private static let patience: Int64 = 30_000

    private let copy: any Ledger
    private let send: @Sendable (ToldFact) async throws -> Void
    private let signs: FactSigns

    /// - Parameters:
    ///   - copy: for reading.
    ///   - send: to the writer; throws ``SharingTrouble``.
    ///   - signs: of what the copy has taken in.
    public init(copy: any Ledger, signs: FactSigns, send: @escaping @Sendable (ToldFact) async throws -> Void) {
        self.copy = copy
        self.signs = signs
        self.send = send
    }

    public func recipient(_ rpps: String) throws -> (recipient: Recipient, territory: TerritoryState) { try copy.recipient(rpps) }

    public func record(handOver fact: MessageHandedOver) async throws {
        // As the writer will decide: what it would refuse is refused here, where it can be seen to.
        guard let fact = try copy.recipient(fact.recipient).recipient.decide(fact) else { return }
        try await record(.handedOver(fact))
    }

    public func record(undeliverable fact: MessageUndeliverable) async throws {
        guard let fact = try copy.recipient(fact.recipient).recipient.decide(fact) else { return }
        try await record(.undeliverable(fact))
    }

    private func record(_ fact: ToldFact) async throws {
        let sign = signs.expect(fact)
        do {
            try await send(fact)
        } catch {
            signs.forget(sign)
            throw error
        }
        guard await signs.wait(for: sign, atMost: Self.patience) else {
            throw SharingTrouble("the log does not show yet what became of a message")
        }
    }
}
