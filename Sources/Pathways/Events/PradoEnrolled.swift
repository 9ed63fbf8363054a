public import Timekeeping

/// The patient is enrolled in PRADO: the adviser of the Assurance Maladie books the first appointments, so that rules which book are suppressed.
public struct PradoEnrolled: EventBody {
    public static let type = "fr.relais.pathway.prado-enrolled.v1"
    /// When the patient agreed.
    public let at: Instant
    /// Who took it down.
    public let by: Attribution

    public init(at: Instant, by: Attribution) {
        self.at = at
        self.by = by
    }

    public init(from json: JSONObject) throws(CodecError) {
        at = try json.instant("at")
        by = try Attribution(from: try json.object("by"))
    }

    public func write(to json: inout JSONWriter) {
        json.write("at", at)
        json.write("by", object: by.write)
    }
}
