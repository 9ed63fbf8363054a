public import Timekeeping

/// The patient withdraws a consent (CSP art. L1110-4 IV). What was shared before stays in the log; nothing more is shared on this basis.
public struct ConsentWithdrawn: EventBody {
    public static let type = "fr.relais.patient.consent-withdrawn.v1"
    public let basis: SharingBasis
    public let statedAt: Instant
    public let by: Attribution

    public init(basis: SharingBasis, statedAt: Instant, by: Attribution) {
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
