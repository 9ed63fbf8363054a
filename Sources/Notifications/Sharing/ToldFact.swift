public import Pathways

/// What a node that cannot write the log has to say about a message.
public enum ToldFact: Hashable, Sendable {
    case handedOver(MessageHandedOver)
    case undeliverable(MessageUndeliverable)

    /// The event's type, as the log will have it.
    public var type: String {
        switch self {
        case .handedOver: MessageHandedOver.type
        case .undeliverable: MessageUndeliverable.type
        }
    }

    /// RPPS.
    public var recipient: String {
        switch self {
        case .handedOver(let fact): fact.recipient
        case .undeliverable(let fact): fact.recipient
        }
    }

    /// The event's body, as the log will have it.
    public var payload: [UInt8] {
        switch self {
        case .handedOver(let fact): fact.payload
        case .undeliverable(let fact): fact.payload
        }
    }

    /// - Throws: `CodecError` naming the member that is missing or malformed; also for a type that is none of these.
    public init(type: String, payload: [UInt8]) throws(CodecError) {
        switch type {
        case MessageHandedOver.type: self = .handedOver(try MessageHandedOver(payload: payload))
        case MessageUndeliverable.type: self = .undeliverable(try MessageUndeliverable(payload: payload))
        default: throw CodecError(path: "type", problem: "is no fact about a message that another node may report")
        }
    }
}

extension ToldFact {
    /// Whether the log counts both as the same: who repeats a message says so at another time.
    func isRecorded(as other: ToldFact) -> Bool {
        switch (self, other) {
        case (.handedOver(let one), .handedOver(let other)):
            one.recipient == other.recipient && one.message == other.message && one.channel == other.channel && one.reminder == other.reminder
        case (.undeliverable(let one), .undeliverable(let other)): one.recipient == other.recipient && one.message == other.message
        case (.handedOver, .undeliverable), (.undeliverable, .handedOver): false
        }
    }
}

extension Ledger {
    /// Records what another node says. Nothing if it is recorded already.
    ///
    /// - Throws: as ``record(handOver:)``.
    public func record(_ fact: ToldFact) async throws {
        switch fact {
        case .handedOver(let fact): try await record(handOver: fact)
        case .undeliverable(let fact): try await record(undeliverable: fact)
        }
    }
}
