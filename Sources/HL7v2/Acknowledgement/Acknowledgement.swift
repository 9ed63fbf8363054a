public import Timekeeping

/// An acknowledgement (HL7 v2.5 §2.9, message ACK): what the receiver answers and what the sender reads.
public struct Acknowledgement: Sendable, Hashable {
    /// MSA-1.
    public var code: AcknowledgementCode
    /// MSA-2: the control id (MSH-10) of the message it answers; `nil` when that message had none.
    public var controlID: String?
    /// The ERR segments.
    public var errors: [MessageError]

    public init(_ code: AcknowledgementCode, of controlID: String?, errors: [MessageError] = []) {
        self.code = code
        self.controlID = controlID
        self.errors = errors
    }

    /// Answers the message of that header.
    public init(_ code: AcknowledgementCode, to header: MessageHeader, errors: [MessageError] = []) {
        self.init(code, of: header.controlID, errors: errors)
    }

    /// Reads a received acknowledgement.
    ///
    /// - Throws: `AcknowledgementError` when the message has no MSA or its code is not in table 0008.
    public init(_ message: Message) throws(AcknowledgementError) {
        guard let msa = message.segment("MSA") else { throw .missingMSA }
        guard let code = AcknowledgementCode(rawValue: msa.field(1).text ?? "") else { throw .unknownCode }
        self.init(code, of: msa.field(2).wholeText, errors: message.segments("ERR").compactMap { MessageError($0) })
    }

    /// The acknowledgement as a message to the sender of `header`: applications and facilities swapped, the trigger, processing id
    /// and version echoed (`P` and `2.5` when the header has none), in UTF-8 with the usual delimiters.
    ///
    /// - Parameters:
    ///   - header: the header of the message answered, as far as it could be read.
    ///   - ownControlID: MSH-10 of the acknowledgement itself.
    ///   - instant: MSH-7, written with the instant's offset.
    public func encoded(answering header: MessageHeader, ownControlID: String, at instant: Instant) -> [UInt8] {
        var received = FieldCursor(header.segment)
        let (application, facility) = (received.field(3), received.field(4))
        let (ownApplication, ownFacility) = (received.field(5), received.field(6))
        var writer = MessageWriter(capacity: 256 + 128 * errors.count)
        writer.begin(.header)
        writer.field(3, copying: ownApplication)
        writer.field(4, copying: ownFacility)
        writer.field(5, copying: application)
        writer.field(6, copying: facility)
        writer.field(7, Timestamp(instant).description)
        writer.field(9, "ACK", received.field(9).component(2).text, "ACK")
        let sentID = received.field(10)
        writer.field(10, ownControlID)
        Self.echo(received.field(11), as: 11, or: "P", to: &writer)
        Self.echo(received.field(12), as: 12, or: "2.5", to: &writer)
        writer.field(17, "FRA")
        writer.field(18, Charset.utf8.rawValue)
        writer.end()
        writer.begin("MSA")
        writer.field(1, code.rawValue)
        // As it was sent, byte for byte: senders compare it (health-domain §A.5).
        if controlID == sentID.wholeText {
            writer.field(2, copying: sentID)
        } else {
            writer.field(2, controlID)
        }
        writer.end()
        for error in errors {
            error.write(to: &writer)
        }
        return writer.bytes
    }

    private static func echo(_ received: Field, as number: Int, or usual: String, to writer: inout MessageWriter) {
        if received.text == nil {
            writer.field(number, usual)
        } else {
            writer.field(number, copying: received)
        }
    }
}
