/// A professional whom the patient declared for a role (ROL-3 `ODRP`: médecin traitant → `attendingGP`). The RPPS is as sent and may be
/// one that the territory's directory does not hold.
public struct DeclaredProfessional: Hashable, Sendable {
    public let role: CareRole
    public let rpps: String
    public let name: String?

    public init(role: CareRole, rpps: String, name: String? = nil) {
        self.role = role
        self.rpps = rpps
        self.name = name
    }

    init(from json: JSONObject) throws(CodecError) {
        role = CareRole(rawValue: try json.string("role"))
        rpps = try json.string("rpps")
        name = try json.optionalString("name")
    }

    func write(to json: inout JSONWriter) {
        json.write("role", role.rawValue)
        json.write("rpps", rpps)
        json.write("name", name)
    }
}
