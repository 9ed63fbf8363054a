public import Timekeeping

/// The patient is at home: who says so, and how they know.
public struct HomeReturnConfirmed: EventBody {
    public static let type = "fr.relais.pathway.home-return-confirmed.v1"
    public let at: Instant
    public let by: Attribution
    public let howKnown: HomeReturnEvidence

    public init(at: Instant, by: Attribution, howKnown: HomeReturnEvidence) {
        self.at = at
        self.by = by
        self.howKnown = howKnown
    }

    public init(from json: JSONObject) throws(CodecError) {
        at = try json.instant("at")
        by = try Attribution(from: try json.object("by"))
        howKnown = try json.word("howKnown")
    }

    public func write(to json: inout JSONWriter) {
        json.write("at", at)
        json.write("by", object: by.write)
        json.write("howKnown", howKnown)
    }
}
