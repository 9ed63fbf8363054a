public import Timekeeping

/// The patient opposes the sharing or the processing of what is known of them: from here on who they are is masked, until it is lifted.
public struct OppositionRecorded: EventBody {
    public static let type = "fr.relais.patient.opposition-recorded.v1"
    public let basis: OppositionBasis
    /// When the patient said so.
    public let statedAt: Instant
    /// Who took it down.
    public let by: Attribution

    public init(basis: OppositionBasis, statedAt: Instant, by: Attribution) {
        self.basis = basis
        self.statedAt = statedAt
        self.by = by
    }

    public init(from json: JSONObject) throws(CodecError) {
        basis = try json.word("basis")
        statedAt = try json.instant("statedAt")
        by = try Attribution(from: try json.object("by"))
    }

    public func write(to json: inout JSONWriter) {
        json.write("basis", basis)
        json.write("statedAt", statedAt)
        json.write("by", object: by.write)
    }
}
