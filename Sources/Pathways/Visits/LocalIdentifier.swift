/// A number that means something only beside the authority that gave it: a patient's IPP (PID-3 `PI`), a visit (PV1-19), a movement
/// (ZBE-1). The authority is its universal identifier where the sender states one (a FINESS or an OID), else its namespace.
public struct LocalIdentifier: Hashable, Sendable, Comparable {
    public let authority: String
    public let value: String

    public init(authority: String, value: String) {
        self.authority = authority
        self.value = value
    }

    public static func < (left: Self, right: Self) -> Bool { (left.authority, left.value) < (right.authority, right.value) }

    init(from json: JSONObject) throws(CodecError) {
        self.init(authority: try json.string("authority"), value: try json.string("value"))
    }

    func write(to json: inout JSONWriter) {
        json.write("authority", authority)
        json.write("value", value)
    }
}

public typealias MovementID = LocalIdentifier

extension LocalIdentifier {
    /// What stands in a movement's place where a follow-up hangs on the report of a professional.
    public static func report(_ id: String) -> Self { Self(authority: "report", value: id) }
}
