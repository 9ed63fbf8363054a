import Coordination
import EventStore
import HL7v2
import Pathways

/// A message of the quarantine, with its bytes.
struct QuarantinedMessage {
    let event: RecordedEvent
    let received: MessageReceived
    /// The frame, as received.
    let bytes: [UInt8]

    /// - Throws: `Rejection` `unknown-message`, `not-quarantined`, `message-erased`; `CoordinationError`, `EventStoreError` if the log cannot
    ///   be read.
    init(at position: Int64, in loader: StateLoader) throws {
        guard let found = try loader.recorded(at: position), found.event.type == MessageReceived.type else {
            throw Rejection(.unknownMessage, "no message of a hospital is recorded at position \(position)")
        }
        guard case .messageReceived(let received) = found.says, let bytes = try loader.attachment(of: found.event) else {
            throw Rejection(.messageErased, "this message was erased with its patient")
        }
        guard received.outcome == .quarantined else {
            throw Rejection(.notQuarantined, "this message is not in quarantine: it was \(received.outcome.rawValue)")
        }
        event = found.event
        self.received = received
        self.bytes = bytes
    }

    /// Under whose key everything about it is sealed.
    var subject: SealingRequest? {
        received.subject.flatMap { StreamID(hex: $0) }.map { SealingRequest(stream: $0, patient: $0) }
    }

    func parsed() throws -> Message { try Message(parsing: bytes) }
}
