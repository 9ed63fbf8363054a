/// A quarantined message was corrected by a person and read again; what it states follows in the same append.
public struct MessageRepaired: EventBody {
    public static let type = "fr.relais.intake.message-repaired.v1"
    /// Id of the `message-received` event that it repairs.
    public let message: String
    /// What was put in place of what the message says; empty when a changed site profile was enough.
    public let corrections: [MessageCorrection]
    /// SHA-256 of the site profile that it was read under, hexadecimal; nil for the strict rules.
    public let profileDigest: String?
    /// `accepted`, `ignored` or `orphan`.
    public let outcome: MessageOutcome
    public let warnings: [IntakeWarning]
    public let pathwayStream: String?
    public let by: Attribution

    public init(
        message: String,
        corrections: [MessageCorrection] = [],
        profileDigest: String? = nil,
        outcome: MessageOutcome,
        warnings: [IntakeWarning] = [],
        pathwayStream: String? = nil,
        by: Attribution
    ) {
        self.message = message
        self.corrections = corrections
        self.profileDigest = profileDigest
        self.outcome = outcome
        self.warnings = warnings
        self.pathwayStream = pathwayStream
        self.by = by
    }

    public init(from json: JSONObject) throws(CodecError) {
        message = try json.string("message")
        corrections = try json.objects("corrections") { (object) throws(CodecError) in try MessageCorrection(from: object) }
        profileDigest = try json.optionalString("profileDigest")
        outcome = try json.word("outcome")
        warnings = try json.objects("warnings") { (object) throws(CodecError) in try IntakeWarning(from: object) }
        pathwayStream = try json.optionalString("pathwayStream")
        by = try Attribution(from: try json.object("by"))
    }

    public func write(to json: inout JSONWriter) {
        json.write("message", message)
        json.write("corrections", corrections) { $1.write(to: &$0) }
        json.write("profileDigest", profileDigest)
        json.write("outcome", outcome)
        json.write("warnings", warnings) { $1.write(to: &$0) }
        json.write("pathwayStream", pathwayStream)
        json.write("by", object: by.write)
    }
}
