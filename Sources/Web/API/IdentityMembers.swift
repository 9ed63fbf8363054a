import Pathways
import Timekeeping

/// The members of a body that tell who a patient is, read and checked. Problems name members, never their values.
enum IdentityMembers {
    static func address(_ object: JSONObject) throws -> PatientAddress {
        let cog = try object.optionalString("cog")
        if let cog { _ = try CommuneCode(cog) }
        return PatientAddress(
            line: try optional(try object.optionalString("line"), "patient.address.line"),
            city: try optional(try object.optionalString("city"), "patient.address.city"),
            postalCode: try optional(try object.optionalString("postalCode"), "patient.address.postalCode", limit: 10),
            cog: cog
        )
    }

    /// The register of the NIR, real or for tests (PAM France, annex N).
    static func usualOID(_ environment: DeploymentEnvironment) -> String {
        environment == .production ? "1.2.250.1.213.1.4.8" : "1.2.250.1.213.1.4.10"
    }

    /// Whoever states an INS states that the identity is qualified.
    static func ins(_ object: JSONObject, _ environment: DeploymentEnvironment) throws -> INS {
        let ins = try INS(number: try object.string("number"), oid: try object.optionalString("oid") ?? usualOID(environment))
        guard ins.isAllowed(in: environment) else {
            throw Problem.malformed(member: "patient.ins.oid", "must be of a register that this installation (\(environment.rawValue)) may hold")
        }
        return ins
    }

    static func identifier(_ object: JSONObject, _ name: String) throws -> LocalIdentifier {
        LocalIdentifier(
            authority: try text(try object.string("authority"), "\(name).authority"),
            value: try text(try object.string("value"), "\(name).value")
        )
    }

    static func birthDate(_ text: String) throws -> String {
        let isDate = CivilDate(iso8601: text) != nil || CivilDate(iso8601: "\(text)-01") != nil || CivilDate(iso8601: "\(text)-01-01") != nil
        guard isDate else { throw Problem.malformed(member: "patient.birthDate", "must be YYYY-MM-DD, YYYY-MM or YYYY") }
        return text
    }

    static func sex(_ text: String) throws -> String {
        guard ["F", "M", "U"].contains(text) else { throw Problem.malformed(member: "patient.sex", "must be F, M or U") }
        return text
    }

    // MARK: - Texts

    static func text(_ text: String, _ name: String, limit: Int = 200) throws -> String {
        guard !text.allSatisfy(\.isWhitespace), text.count <= limit else {
            throw Problem.malformed(member: name, "must have 1 to \(limit) characters")
        }
        return text
    }

    static func optional(_ text: String?, _ name: String, limit: Int = 200) throws -> String? {
        guard let text else { return nil }
        return try IdentityMembers.text(text, name, limit: limit)
    }
}
