import Coordination
import Pathways
import Timekeeping

/// The body of an admission, read and checked. Problems name members, never their values.
struct AdmissionBody {
    let admission: HospitalDesk.Admission

    init(_ body: JSONObject, environment: DeploymentEnvironment) throws {
        let visit = try Self.identifier(try body.object("visit"), "visit")
        admission = HospitalDesk.Admission(
            visit: visit,
            identity: try Self.identity(try body.object("patient"), environment),
            at: try body.instant("at"),
            unit: try body.optionalObject("unit").map { unit in
                MedicalUnitReference(
                    code: try Self.text(try unit.string("code"), "unit.code", limit: 40),
                    label: try Self.optional(try unit.optionalString("label"), "unit.label"),
                    authority: try Self.optional(try unit.optionalString("authority"), "unit.authority") ?? visit.authority
                )
            },
            declared: try body.objects("declared") { (object) throws(CodecError) in object }.map(Self.declared)
        )
    }

    private static func identity(_ patient: JSONObject, _ environment: DeploymentEnvironment) throws -> PatientIdentity {
        let ins = try patient.optionalObject("ins").map { try Self.ins($0, environment) }
        return PatientIdentity(
            identifier: try identifier(patient, "patient"),
            birthFamilyName: try text(try patient.string("birthName"), "patient.birthName"),
            usedFamilyName: try optional(try patient.optionalString("usedName"), "patient.usedName"),
            givenName: try text(try patient.string("givenName"), "patient.givenName"),
            birthDate: try birthDate(try patient.string("birthDate")),
            sex: try sex(try patient.string("sex")),
            phone: try optional(try patient.optionalString("phone"), "patient.phone", limit: 40),
            address: try patient.optionalObject("address").map(address),
            ins: ins,
            reliability: ins == nil ? [] : ["VALI"]
        )
    }

    private static func address(_ object: JSONObject) throws -> PatientAddress {
        let cog = try object.optionalString("cog")
        if let cog { _ = try CommuneCode(cog) }
        return PatientAddress(
            line: try optional(try object.optionalString("line"), "patient.address.line"),
            city: try optional(try object.optionalString("city"), "patient.address.city"),
            postalCode: try optional(try object.optionalString("postalCode"), "patient.address.postalCode", limit: 10),
            cog: cog
        )
    }

    /// Whoever states an INS states that the identity is qualified.
    private static func ins(_ object: JSONObject, _ environment: DeploymentEnvironment) throws -> INS {
        let usual = environment == .production ? "1.2.250.1.213.1.4.8" : "1.2.250.1.213.1.4.10"
        let ins = try INS(number: try object.string("number"), oid: try object.optionalString("oid") ?? usual)
        guard ins.isAllowed(in: environment) else {
            throw Problem.malformed(member: "patient.ins.oid", "must be of a register that this installation (\(environment.rawValue)) may hold")
        }
        return ins
    }

    private static func declared(_ object: JSONObject) throws -> DeclaredProfessional {
        DeclaredProfessional(
            role: CareRole(rawValue: try text(try object.string("role"), "declared.role", limit: 40)),
            rpps: try RPPS(try object.string("rpps")).value,
            name: try optional(try object.optionalString("name"), "declared.name")
        )
    }

    private static func identifier(_ object: JSONObject, _ name: String) throws -> LocalIdentifier {
        LocalIdentifier(
            authority: try text(try object.string("authority"), "\(name).authority"),
            value: try text(try object.string("value"), "\(name).value")
        )
    }

    private static func birthDate(_ text: String) throws -> String {
        let isDate = CivilDate(iso8601: text) != nil || CivilDate(iso8601: "\(text)-01") != nil || CivilDate(iso8601: "\(text)-01-01") != nil
        guard isDate else { throw Problem.malformed(member: "patient.birthDate", "must be YYYY-MM-DD, YYYY-MM or YYYY") }
        return text
    }

    private static func sex(_ text: String) throws -> String {
        guard ["F", "M", "U"].contains(text) else { throw Problem.malformed(member: "patient.sex", "must be F, M or U") }
        return text
    }

    // MARK: - Texts

    private static func text(_ text: String, _ name: String, limit: Int = 200) throws -> String {
        guard !text.allSatisfy(\.isWhitespace), text.count <= limit else {
            throw Problem.malformed(member: name, "must have 1 to \(limit) characters")
        }
        return text
    }

    private static func optional(_ text: String?, _ name: String, limit: Int = 200) throws -> String? {
        guard let text else { return nil }
        return try Self.text(text, name, limit: limit)
    }
}
