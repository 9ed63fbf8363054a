public import Timekeeping

/// On what the patient is known to two professionals at once: the basis of sharing (CSP art. L1110-4, L1110-12), who informed them, and with which notice (R1110-2).
public struct ConsentRecorded: EventBody {
    public static let type = "fr.relais.patient.consent-recorded.v1"
    public let basis: SharingBasis
    /// When the patient said so.
    public let statedAt: Instant
    /// Who took it down.
    public let by: Attribution
    /// The version of the information notice given.
    public let noticeVersion: String?

    public init(basis: SharingBasis, statedAt: Instant, by: Attribution, noticeVersion: String? = nil) {
        self.basis = basis
        self.statedAt = statedAt
        self.by = by
        self.noticeVersion = noticeVersion
    }

    public init(from json: JSONObject) throws(CodecError) {
        basis = try json.word("basis")
        statedAt = try json.instant("statedAt")
        by = try Attribution(from: try json.object("by"))
        noticeVersion = try json.optionalString("noticeVersion")
    }

    public func write(to json: inout JSONWriter) {
        json.write("basis", basis)
        json.write("statedAt", statedAt)
        json.write("by", object: by.write)
        json.write("noticeVersion", noticeVersion)
    }
}
