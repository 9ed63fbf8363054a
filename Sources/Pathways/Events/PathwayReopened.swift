public import Timekeeping

/// Something is to be done after all in a pathway that was closed.
public struct PathwayReopened: EventBody {
    public static let type = "fr.relais.pathway.pathway-reopened.v1"
    public let at: Instant
    /// Nil where a fact reopened it.
    public let by: Attribution?

    public init(at: Instant, by: Attribution? = nil) {
        self.at = at
        self.by = by
    }

    public init(from json: JSONObject) throws(CodecError) {
        at = try json.instant("at")
        by = try json.optionalObject("by").map { (object) throws(CodecError) in try Attribution(from: object) }
    }

    public func write(to json: inout JSONWriter) {
        json.write("at", at)
        if let by { json.write("by", object: by.write) }
    }
}
