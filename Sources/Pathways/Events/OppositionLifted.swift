public import Timekeeping

/// The patient no longer opposes: who they are is shown again.
public struct OppositionLifted: EventBody {
    public static let type = "fr.relais.patient.opposition-lifted.v1"
    /// When the patient said so.
    public let statedAt: Instant
    /// Who took it down.
    public let by: Attribution

    public init(statedAt: Instant, by: Attribution) {
        self.statedAt = statedAt
        self.by = by
    }

    public init(from json: JSONObject) throws(CodecError) {
        statedAt = try json.instant("statedAt")
        by = try Attribution(from: try json.object("by"))
    }

    public func write(to json: inout JSONWriter) {
        json.write("statedAt", statedAt)
        json.write("by", object: by.write)
    }
}
