public import Timekeeping

/// A professional will be away, and says who takes their place. Beside the absences of the published directory.
public struct AbsenceDeclared: EventBody {
    public static let type = "fr.relais.territory.absence-declared.v1"
    public let rpps: String
    /// The first instant away.
    public let from: Instant
    /// The first instant back.
    public let to: Instant
    /// RPPS.
    public let replacement: String?
    public let by: Attribution

    public init(rpps: String, from: Instant, to: Instant, replacement: String? = nil, by: Attribution) {
        self.rpps = rpps
        self.from = from
        self.to = to
        self.replacement = replacement
        self.by = by
    }

    public init(from json: JSONObject) throws(CodecError) {
        rpps = try json.string("rpps")
        from = try json.instant("from")
        to = try json.instant("to")
        replacement = try json.optionalString("replacement")
        by = try Attribution(from: try json.object("by"))
    }

    public func write(to json: inout JSONWriter) {
        json.write("rpps", rpps)
        json.write("from", from)
        json.write("to", to)
        json.write("replacement", replacement)
        json.write("by", object: by.write)
    }
}
