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
        self.init(code, of: msa.field(2).text, errors: message.segments("ERR").compactMap { MessageError($0) })
    }

    /// The acknowledgement as a message to the sender of `header`: applications and facilities swapped, the trigger, processing id
    /// and version echoed (`P` and `2.5` when the header has none), in UTF-8 with the usual delimiters.
    ///
    /// - Parameters:
    ///   - header: the header of the message answered, as far as it could be read.
    ///   - ownControlID: MSH-10 of the acknowledgement itself.
    ///   - instant: MSH-7, written with the instant's offset.
    public func encoded(answering header: MessageHeader, ownControlID: String, at instant: Instant) -> [UInt8] {
        let received = header.segment
        var builder = MessageBuilder { msh in
            msh[3] = FieldDraft(copying: received.field(5))
            msh[4] = FieldDraft(copying: received.field(6))
            msh[5] = FieldDraft(copying: received.field(3))
            msh[6] = FieldDraft(copying: received.field(4))
            msh[7] = FieldDraft(Timestamp(instant).description)
            msh[9] = ["ACK", ComponentDraft(header.messageType.event), "ACK"]
            msh[10] = FieldDraft(ownControlID)
            msh[11] = header.processingID == nil ? "P" : FieldDraft(copying: received.field(11))
            msh[12] = header.version == nil ? "2.5" : FieldDraft(copying: received.field(12))
            msh[17] = "FRA"
            msh[18] = FieldDraft(Charset.utf8.rawValue)
        }
        builder.append("MSA") { msa in
            msa[1] = FieldDraft(code.rawValue)
            msa[2] = FieldDraft(controlID)
        }
        for error in errors {
            builder.append(error.segment)
        }
        return builder.encoded()
    }
}
