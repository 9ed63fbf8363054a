import EventStore
import HL7v2
import Pathways
import Timekeeping

/// One frame with all that does not depend on the log: parsed and hashed once.
struct ReceivedFrame {
    let bytes: [UInt8]
    let message: Message
    let header: MessageHeader
    let sender: HL7Sender
    let hash: Hash256
    let facts: MessageFacts
    let receivedAt: Instant

    init(_ message: Message, bytes: [UInt8], at instant: Instant) {
        self.bytes = bytes
        self.message = message
        header = message.header
        sender = HL7Sender(header)
        hash = Hash256.of(bytes)
        receivedAt = instant
        let type = header.messageType
        facts = MessageFacts(
            application: sender.application,
            facility: sender.facility,
            controlID: header.controlID ?? "",
            trigger: [type.code, type.event].compactMap(\.self).joined(separator: "^"),
            digest: hash.hex,
            byteCount: bytes.count,
            charset: message.charset.charset.rawValue
        )
    }

    /// MSH-3, MSH-4, MSH-10: what a sender repeats a message under. Without a control id only the bytes can tell a repetition.
    var commandKey: String { facts.controlID.isEmpty ? commandKeyWithDigest : "\(facts.application)|\(facts.facility)|\(facts.controlID)" }

    /// For another message under a control id already used.
    var commandKeyWithDigest: String { "\(facts.application)|\(facts.facility)|\(facts.controlID)|\(facts.digest)" }
}
