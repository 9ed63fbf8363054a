import HL7v2
import Pathways

/// Finds the qualified national identity in PID-3 (PAM France §4.4, annex N). What is doubtful is dropped and remarked, never repaired.
enum INSReader {
    static func read(_ identifiers: [CX], isValidated: Bool, in environment: DeploymentEnvironment, _ findings: inout Findings) -> INS? {
        let sent = identifiers.filter { $0.typeCode == "INS" && !$0.id.isNull }
        guard !sent.isEmpty else { return nil }
        guard isValidated else {
            findings.warn(.insNotValidated, at: "PID-32")
            return nil
        }
        let valid = sent.compactMap { usable($0, in: environment, &findings) }
        // While a NIA becomes a NIR both travel, and the NIR is the definitive one.
        return valid.first { $0.kind == .nir } ?? valid.first
    }

    /// `""` in the place of an INS: the hospital takes it back (A47, health-domain §A.4).
    static func isWithdrawn(_ identifiers: [CX]) -> Bool {
        identifiers.contains { $0.typeCode == "INS" && $0.id.isNull }
    }

    private static func usable(_ identifier: CX, in environment: DeploymentEnvironment, _ findings: inout Findings) -> INS? {
        guard let number = identifier.id.text, let oid = identifier.authority.universalID.text else {
            findings.warn(.insMalformed, at: "PID-3")
            return nil
        }
        do {
            let ins = try INS(number: number, oid: oid)
            if ins.isAllowed(in: environment) { return ins }
            findings.warn(.insOIDEnvironment, at: "PID-3")
        } catch {
            findings.warn(error.code == .checkDigit ? .insKeyInvalid : .insMalformed, at: "PID-3")
        }
        return nil
    }
}
