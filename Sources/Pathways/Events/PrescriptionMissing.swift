public import Timekeeping

/// The prescription that a follow-up needs is not there.
public struct PrescriptionMissing: EventBody {
    public static let type = "fr.relais.pathway.prescription-missing.v1"
    /// Unique in the pathway.
    public let report: String
    /// When it was noticed.
    public let at: Instant
    public let by: Attribution
    /// Which follow-up it holds up.
    public let followUp: String?
    public let note: String?

    public init(report: String, at: Instant, by: Attribution, followUp: String? = nil, note: String? = nil) {
        self.report = report
        self.at = at
        self.by = by
        self.followUp = followUp
        self.note = note
    }

    public init(from json: JSONObject) throws(CodecError) {
        report = try json.string("report")
        at = try json.instant("at")
        by = try Attribution(from: try json.object("by"))
        followUp = try json.optionalString("followUp")
        note = try json.optionalString("note")
    }

    public func write(to json: inout JSONWriter) {
        json.write("report", report)
        json.write("at", at)
        json.write("by", object: by.write)
        json.write("followUp", followUp)
        json.write("note", note)
    }
}
