import HL7v2
import Pathways
import Timekeeping

/// PID → who the patient is (PAM France §6, health-domain §A.4). Religion, race, next of kin, ZFP and ZFS are not read: the coordinator
/// does not need them.
enum IdentityReader {
    /// Table 0445, in France.
    static let reliabilities: Set<String> = [
        "VIDE", "PROV", "VALI", "DOUB", "DESA", "DPOT", "DOUA", "COLP", "COLV", "FILI", "CACH", "ANOM", "IDVER", "RECD", "IDRA", "USUR",
        "HOMD", "INVA", "HOMA", "FICT", "DOUT",
    ]
    private static let longestReliability = 20

    /// - Parameters:
    ///   - identifiers: PID-3.
    ///   - isDeceased: nil when the message does not say.
    static func read(
        _ segments: ADTSegments,
        _ pid: Segment,
        _ identifier: LocalIdentifier,
        _ identifiers: [CX],
        isDeceased: Bool?,
        in environment: DeploymentEnvironment,
        _ findings: inout Findings
    ) -> PatientIdentity {
        let names = names(pid.field(5))
        let reliability = reliability(pid.field(32), &findings)
        return PatientIdentity(
            identifier: identifier,
            birthFamilyName: names.birth?.family.text,
            usedFamilyName: usedName(names.used),
            givenName: names.birth?.given.text,
            birthDate: pid.field(7).text.flatMap(birthDate),
            sex: sex(pid.field(8), &findings),
            phone: AddressReader.phone(pid.field(13)),
            address: AddressReader.home(pid.field(11)),
            ins: INSReader.read(identifiers, isValidated: reliability.contains("VALI"), in: environment, &findings),
            reliability: reliability,
            deceased: isDeceased,
            withdrawsINS: INSReader.isWithdrawn(identifiers),
            acceptsSMS: acceptsSMS(segments.message.segment(.zfd), &findings)
        )
    }

    /// PID-30, else whether there is a time of death in PID-29; nil when neither says anything.
    static func isDeceased(_ pid: Segment) -> Bool? {
        switch pid.field(30).value {
        case .text("Y"): true
        case .text, .null: false
        case .absent: pid.field(29).isEmpty ? nil : pid.field(29).text != nil
        }
    }

    /// PID-5: type `L` is the birth name, `D` the name used; without any `L`, a name of no type is the birth name (the type's default).
    private static func names(_ field: Field) -> (birth: XPN?, used: XPN?) {
        var birth: XPN?
        var untyped: XPN?
        var used: XPN?
        for repetition in field.repetitions {
            let name = XPN(repetition)
            switch name.typeCode {
            case "L": birth = birth ?? name
            case "D": used = used ?? name
            case nil where !repetition.isEmpty: untyped = untyped ?? name
            default: break
            }
        }
        return (birth ?? untyped, used)
    }

    private static func usedName(_ name: XPN?) -> String? {
        switch name?.family {
        case .text(let family): family
        // `""` erases the name used until now.
        case .null: ""
        case .absent, nil: nil
        }
    }

    private static func birthDate(_ text: String) -> String? {
        guard let timestamp = Timestamp(text) else { return nil }
        let date = timestamp.date.description
        return switch timestamp.precision {
        case .year: String(date.prefix(4))
        case .month: String(date.prefix(7))
        default: date
        }
    }

    private static func sex(_ field: Field, _ findings: inout Findings) -> String? {
        guard let code = field.text else { return nil }
        if ["F", "M", "U"].contains(code) { return code }
        findings.warn(.codeOutsideTable, at: "PID-8")
        return nil
    }

    /// ZFD-3; what the table does not know is not stated.
    private static func acceptsSMS(_ zfd: Segment?, _ findings: inout Findings) -> Bool? {
        switch zfd?.field(3).text {
        case "Y": return true
        case "N": return false
        case nil: return nil
        default:
            findings.warn(.codeOutsideTable, at: "ZFD-3")
            return nil
        }
    }

    private static func reliability(_ field: Field, _ findings: inout Findings) -> [String] {
        let codes = field.repetitions.prefix(longestReliability).compactMap(\.text)
        if !codes.allSatisfy(reliabilities.contains) { findings.warn(.codeOutsideTable, at: "PID-32") }
        return codes
    }
}
