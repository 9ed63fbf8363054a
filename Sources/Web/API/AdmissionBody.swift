import Coordination
import Pathways
import Timekeeping

/// The body of an admission, read and checked. Problems name members, never their values.
struct AdmissionBody {
    let admission: HospitalDesk.Admission

    init(_ body: JSONObject, environment: DeploymentEnvironment) throws {
        let visit = try IdentityMembers.identifier(try body.object("visit"), "visit")
        admission = HospitalDesk.Admission(
            visit: visit,
            identity: try Self.identity(try body.object("patient"), environment),
            at: try body.instant("at"),
            unit: try body.optionalObject("unit").map { unit in
                MedicalUnitReference(
                    code: try IdentityMembers.text(try unit.string("code"), "unit.code", limit: 40),
                    label: try IdentityMembers.optional(try unit.optionalString("label"), "unit.label"),
                    authority: try IdentityMembers.optional(try unit.optionalString("authority"), "unit.authority") ?? visit.authority
                )
            },
            declared: try body.objects("declared") { (object) throws(CodecError) in object }.map(Self.declared)
        )
    }

    private static func identity(_ patient: JSONObject, _ environment: DeploymentEnvironment) throws -> PatientIdentity {
        let ins = try patient.optionalObject("ins").map { try IdentityMembers.ins($0, environment) }
        return PatientIdentity(
            identifier: try IdentityMembers.identifier(patient, "patient"),
            birthFamilyName: try IdentityMembers.text(try patient.string("birthName"), "patient.birthName"),
            usedFamilyName: try IdentityMembers.optional(try patient.optionalString("usedName"), "patient.usedName"),
            givenName: try IdentityMembers.text(try patient.string("givenName"), "patient.givenName"),
            birthDate: try IdentityMembers.birthDate(try patient.string("birthDate")),
            sex: try IdentityMembers.sex(try patient.string("sex")),
            phone: try IdentityMembers.optional(try patient.optionalString("phone"), "patient.phone", limit: 40),
            address: try patient.optionalObject("address").map(IdentityMembers.address),
            ins: ins,
            reliability: ins == nil ? [] : ["VALI"]
        )
    }

    private static func declared(_ object: JSONObject) throws -> DeclaredProfessional {
        DeclaredProfessional(
            role: CareRole(rawValue: try IdentityMembers.text(try object.string("role"), "declared.role", limit: 40)),
            rpps: try RPPS(try object.string("rpps")).value,
            name: try IdentityMembers.optional(try object.optionalString("name"), "declared.name")
        )
    }
}
