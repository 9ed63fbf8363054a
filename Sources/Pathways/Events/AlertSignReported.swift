public import Timekeeping

/// A professional at the bedside reports a sign that the protocol watches for. Whom to call is said by the protocol; the product judges nothing.
public struct AlertSignReported: EventBody {
    public static let type = "fr.relais.pathway.alert-sign-reported.v1"
    /// Unique in the pathway.
    public let report: String
    /// When it was seen.
    public let at: Instant
    public let by: Attribution
    public let sign: AlertSign
    /// During which follow-up it was seen.
    public let followUp: String?
    /// Whom the reporter has called (`EmergencyContact`).
    public let called: [String]
    public let note: String?

    public init(report: String, at: Instant, by: Attribution, sign: AlertSign, followUp: String? = nil, called: [String], note: String? = nil) {
        self.report = report
        self.at = at
        self.by = by
        self.sign = sign
        self.followUp = followUp
        self.called = called
        self.note = note
    }

    public init(from json: JSONObject) throws(CodecError) {
        report = try json.string("report")
        at = try json.instant("at")
        by = try Attribution(from: try json.object("by"))
        sign = try json.word("sign")
        followUp = try json.optionalString("followUp")
        called = try json.strings("called")
        note = try json.optionalString("note")
    }

    public func write(to json: inout JSONWriter) {
        json.write("report", report)
        json.write("at", at)
        json.write("by", object: by.write)
        json.write("sign", sign)
        json.write("followUp", followUp)
        json.write("called", called)
        json.write("note", note)
    }
}
