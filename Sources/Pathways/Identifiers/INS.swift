/// A national health identity number (matricule INS): a NIR or a NIA of 15 characters with the OID of the register that gave it.
///
/// Source: IHE PAM France 2.11.2, annex N (OIDs), and the key of the NIR. Text forms never show the number: it names a patient, and
/// must not reach a log line, a URL or a metric.
public struct INS: Sendable, Hashable, CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// Which number it is.
    public enum Kind: String, Sendable, Hashable, CaseIterable {
        /// Inscription au répertoire: the definitive number.
        case nir
        /// Identifiant d'attente: the number of someone being registered. A NIR replaces it.
        case nia
    }

    /// Which world the number belongs to.
    public enum Domain: String, Sendable, Hashable, CaseIterable {
        case production, test, demo
    }

    /// The 13 characters and the key of two digits.
    public let number15: String
    public let kind: Kind
    public let domain: Domain

    /// The number as it is sent and compared: `number15`.
    public var value: String { number15 }

    /// The OID of the register, as in PID-3.4.
    public var oid: String {
        switch (domain, kind) {
        case (.production, .nir): "1.2.250.1.213.1.4.8"
        case (.production, .nia): "1.2.250.1.213.1.4.9"
        case (.test, _): "1.2.250.1.213.1.4.10"
        case (.demo, _): "1.2.250.1.213.1.4.11"
        }
    }

    /// Reads a number of 15 characters, key included, and the OID it was sent with.
    ///
    /// - Throws: `IdentifierError` `.unknownSystem` for any OID but the four of annex N (INS-C is not an INS), `.length`,
    ///   `.characters`, or `.checkDigit` when the key is wrong: such a number is never stored as qualified.
    public init(number: some StringProtocol, oid: some StringProtocol) throws(IdentifierError) {
        (domain, kind) = try Self.register(of: oid)
        let bytes = try IdentifierText.bytes(number, length: 15, of: NIR.identifier)
        guard "123478".utf8.contains(bytes[0]) else {
            throw IdentifierError(.characters, in: NIR.identifier, "must begin with 1 or 2 (3, 4, 7 or 8 for a person being registered)")
        }
        let key = try NIR.key(of: Array(bytes[..<13]))
        try IdentifierText.requireDigits(bytes[13...], of: NIR.identifier, "must end in a key of two digits")
        let zero = Int(UInt8(ascii: "0"))
        guard (Int(bytes[13]) - zero) * 10 + Int(bytes[14]) - zero == key else {
            throw IdentifierError(.checkDigit, in: NIR.identifier, "the key does not match the number: 97 minus the remainder by 97 is expected")
        }
        number15 = String(decoding: bytes, as: UTF8.self)
    }

    /// Whether an installation may hold this number: real ones in production only, test and demonstration ones in test only.
    public func isAllowed(in environment: DeploymentEnvironment) -> Bool {
        (environment == .production) == (domain == .production)
    }

    /// `INS(nir, test)`, never the number.
    public var description: String { "INS(\(kind.rawValue), \(domain.rawValue))" }
    public var debugDescription: String { description }
    public var customMirror: Mirror { Mirror(self, children: ["kind": kind.rawValue, "domain": domain.rawValue]) }

    private static func register(of oid: some StringProtocol) throws(IdentifierError) -> (Domain, Kind) {
        switch String(oid) {
        case "1.2.250.1.213.1.4.8": (.production, .nir)
        case "1.2.250.1.213.1.4.9": (.production, .nia)
        case "1.2.250.1.213.1.4.10": (.test, .nir)
        case "1.2.250.1.213.1.4.11": (.demo, .nir)
        case "1.2.250.1.213.1.4.2", "1.2.250.1.213.1.4.6", "1.2.250.1.213.1.4.7":
            throw IdentifierError(.unknownSystem, in: NIR.identifier, "the OID is that of the obsolete INS-C, which is not an INS")
        default:
            throw IdentifierError(
                .unknownSystem,
                in: NIR.identifier,
                "the OID must be 1.2.250.1.213.1.4.8 (NIR), .9 (NIA), .10 (test) or .11 (demonstration)"
            )
        }
    }
}
