public import Timekeeping

/// A professional is back before the end of an absence that was declared.
public struct AbsenceEnded: EventBody {
    public static let type = "fr.relais.territory.absence-ended.v1"
    public let rpps: String
    /// That of the absence.
    public let from: Instant
    /// The first instant back; not after the end that was declared. At `from` or before: the absence is called off.
    public let at: Instant
    public let by: Attribution

    public init(rpps: String, from: Instant, at: Instant, by: Attribution) {
        self.rpps = rpps
        self.from = from
        self.at = at
        self.by = by
    }

    public init(from json: JSONObject) throws(CodecError) {
        rpps = try json.string("rpps")
        from = try json.instant("from")
        at = try json.instant("at")
        by = try Attribution(from: try json.object("by"))
    }

    public func write(to json: inout JSONWriter) {
        json.write("rpps", rpps)
        json.write("from", from)
        json.write("at", at)
        json.write("by", object: by.write)
    }
}
