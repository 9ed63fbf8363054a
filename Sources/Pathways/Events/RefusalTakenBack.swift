public import Timekeeping

/// The patient wants to be followed after all.
public struct RefusalTakenBack: EventBody {
    public static let type = "fr.relais.pathway.refusal-taken-back.v1"
    public let at: Instant
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
