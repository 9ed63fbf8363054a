public import Timekeeping

/// Nothing is left to do, or the référent-parcours says why nothing will be done.
public struct PathwayClosed: EventBody {
    public static let type = "fr.relais.pathway.pathway-closed.v1"
    public let at: Instant
    public let reason: ClosingReason
    /// Nil where the pathway closed by itself.
    public let by: Attribution?

    public init(at: Instant, reason: ClosingReason, by: Attribution? = nil) {
        self.at = at
        self.reason = reason
        self.by = by
    }

    public init(from json: JSONObject) throws(CodecError) {
        at = try json.instant("at")
        reason = try json.word("reason")
        by = try json.optionalObject("by").map { (object) throws(CodecError) in try Attribution(from: object) }
    }

    public func write(to json: inout JSONWriter) {
        json.write("at", at)
        json.write("reason", reason)
        if let by { json.write("by", object: by.write) }
    }
}
