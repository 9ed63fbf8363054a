/// A unit of a hospital as a message names it: `UF` code, label, and the authority that gives the code (XON-10, -1, -6).
public struct MedicalUnitReference: Hashable, Sendable {
    public let code: String
    public let label: String?
    public let authority: String?

    public init(code: String, label: String? = nil, authority: String? = nil) {
        self.code = code
        self.label = label
        self.authority = authority
    }

    init(from json: JSONObject) throws(CodecError) {
        code = try json.string("code")
        label = try json.optionalString("label")
        authority = try json.optionalString("authority")
    }

    func write(to json: inout JSONWriter) {
        json.write("code", code)
        json.write("label", label)
        json.write("authority", authority)
    }
}
