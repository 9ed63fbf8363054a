import HL7v2
import Pathways

/// Reads health professionals: the number in an XCN, and the ones a patient declared (ROL).
enum ProfessionalReader {
    /// The authority of the national directory (annex N).
    private static let directoryOID = "1.2.250.1.71.4.2.1"

    /// The RPPS that an XCN carries, as such or inside an IDNPS (`8` and the RPPS); nil when there is none or its key is wrong.
    ///
    /// Without a type of number, only the national directory's own authority vouches that it is one of these.
    static func rpps(_ professional: XCN) -> RPPS? {
        guard let number = professional.id.text else { return nil }
        switch professional.typeCode {
        case "RPPS": return try? RPPS(number)
        case "IDNPS": return (try? IDNPS(number))?.rpps
        case nil where professional.authority.universalID.text == directoryOID: return (try? RPPS(number)) ?? (try? IDNPS(number))?.rpps
        default: return nil
        }
    }

    /// ROL-3 = `ODRP`, the médecin traitant; the last one wins, and `DE` in ROL-2 takes none.
    static func declared(in message: Message, _ findings: inout Findings) -> [DeclaredProfessional] {
        var attending: DeclaredProfessional?
        for rol in message.segments(.rol) where rol.field(3).text == "ODRP" && rol.field(2).text != "DE" {
            let professional = XCN(rol.field(4).repetition(1))
            guard let rpps = rpps(professional) else {
                if !rol.field(4).isEmpty { findings.warn(.codeOutsideTable, at: "ROL-4") }
                continue
            }
            let names = [professional.given.text, professional.family.text].compactMap(\.self)
            attending = DeclaredProfessional(role: .attendingGP, rpps: rpps.value, name: names.isEmpty ? nil : names.joined(separator: " "))
        }
        return attending.map { [$0] } ?? []
    }
}
