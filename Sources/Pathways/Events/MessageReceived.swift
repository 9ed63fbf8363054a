/// A frame of a hospital was received and answered. Its bytes are the event's attachment: the evidence of what was said.
public struct MessageReceived: EventBody {
    public static let type = "fr.relais.intake.message-received.v1"
    public let facts: MessageFacts
    public let outcome: MessageOutcome
    /// MSA-1 of the answer.
    public let acknowledgement: String
    public let warnings: [IntakeWarning]
    /// Why it was quarantined or refused: codes of table 0357 with their location, never a value of the message.
    public let errors: [String]
    /// Stream id of the pathway that it speaks of.
    public let pathwayStream: String?
    /// Stream id under whose key the event is sealed: the patient's, or one of the message's own if nobody is known. Nil in messages
    /// received before that was recorded.
    public let subject: String?

    public init(
        facts: MessageFacts,
        outcome: MessageOutcome,
        acknowledgement: String,
        warnings: [IntakeWarning] = [],
        errors: [String] = [],
        pathwayStream: String? = nil,
        subject: String? = nil
    ) {
        self.facts = facts
        self.outcome = outcome
        self.acknowledgement = acknowledgement
        self.warnings = warnings
        self.errors = errors
        self.pathwayStream = pathwayStream
        self.subject = subject
    }

    public init(from json: JSONObject) throws(CodecError) {
        facts = try MessageFacts(from: try json.object("message"))
        outcome = try json.word("outcome")
        acknowledgement = try json.string("acknowledgement")
        warnings = try json.objects("warnings") { (object) throws(CodecError) in try IntakeWarning(from: object) }
        errors = try json.strings("errors")
        pathwayStream = try json.optionalString("pathway")
        subject = try json.optionalString("subject")
    }

    public func write(to json: inout JSONWriter) {
        json.write("message", object: facts.write)
        json.write("outcome", outcome)
        json.write("acknowledgement", acknowledgement)
        json.write("warnings", warnings) { $1.write(to: &$0) }
        json.write("errors", errors)
        json.write("pathway", pathwayStream)
        json.write("subject", subject)
    }
}
