public import Timekeeping

/// A prescription that was missing has come.
public struct PrescriptionObtained: EventBody {
    public static let type = "fr.relais.pathway.prescription-obtained.v1"
    /// That of the `PrescriptionMissing`.
    public let report: String
    public let at: Instant
    public let by: Attribution

    public init(report: String, at: Instant, by: Attribution) {
        self.report = report
        self.at = at
        self.by = by
    }

    public init(from json: JSONObject) throws(CodecError) {
        report = try json.string("report")
        at = try json.instant("at")
        by = try Attribution(from: try json.object("by"))
    }

    public func write(to json: inout JSONWriter) {
        json.write("report", report)
        json.write("at", at)
        json.write("by", object: by.write)
    }
}
