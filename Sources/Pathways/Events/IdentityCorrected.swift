/// Somebody corrected what is known of a patient (GDPR art. 16). What a correction states stands, whatever the hospital's feed says later.
public struct IdentityCorrected: EventBody {
    public static let type = "fr.relais.patient.identity-corrected.v1"
    public let correction: IdentityCorrection
    public let reason: CorrectionReason
    public let by: Attribution

    public init(correction: IdentityCorrection, reason: CorrectionReason, by: Attribution) {
        self.correction = correction
        self.reason = reason
        self.by = by
    }

    public init(from json: JSONObject) throws(CodecError) {
        correction = try IdentityCorrection(from: try json.object("correction"))
        reason = try json.word("reason")
        by = try Attribution(from: try json.object("by"))
    }

    public func write(to json: inout JSONWriter) {
        json.write("correction", object: correction.write)
        json.write("reason", reason)
        json.write("by", object: by.write)
    }
}
