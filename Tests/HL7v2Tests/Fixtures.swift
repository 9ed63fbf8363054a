import HL7v2

/// Messages written for these tests from the rules of PAM France; nobody in them exists.
enum Fixtures {
    static let admission = message([
        "MSH|^~\\&|GAP|CH-MARAIS|COORD|CITY|20261110083000+0100||ADT^A01^ADT_A01|M-0001|T|2.5^FRA^2.11|||||FRA|UNICODE UTF-8|||2.11^IHE_FRANCE-2.11-PAM",
        "EVN||20261110083000|||op7^LEROY^Anne|20261110082500",
        "PID|1||900001^^^CH-MARAIS&850099991&N^PI~255106712345633^^^ASIP-SANTE-INS-NIR&1.2.250.1.213.1.4.10&ISO^INS^^20200101"
            + "||ROUSSEAU^JEANNE^JEANNE MARIE^^Mme^^L~MARTIN^JEANNE^^^Mme^^D||19551012|F"
            + "|||12 rue de l'Église\\T\\Marché^^CHALLANS^^85300^FRA^H~^^^^^^BDL^^67123||^PRN^PH^^^^^^^^^0251000000|||||7700001^^^CH-MARAIS&850099991&N^AN",
        "ROL||UC|ODRP|10000023084^BERNARD^Luc^^^^^^ASIP-SANTE-PS&1.2.250.1.71.4.2.1&ISO^D^^^RPPS",
        "PV1|1|I|4010^12^1^CH-MARAIS&850099991&N^O||||||||||||||||V900^^^CH-MARAIS&850099991&N^VN",
        "ROL||UC|RT|10000000017^PETIT^Zoé",
        "ZBE|312^GAP^850099991|20261110082500||INSERT|N||Cardiologie^^^^^CH-MARAIS&850099991&N^UF^^^4010||HMS",
        "ZFD|||\"\"",
    ])

    /// The shortest message with a bit of everything: the one to be damaged thousands of times.
    static let brief = message([
        "MSH|^~\\&|GAP|CH|COORD|CITY|20261110083000+0100||ADT^A01^ADT_A01|M-0002|T|2.5^FRA^2.11|||||FRA|8859/15",
        "PID|||900001^^^CH&8500&N^PI~\"\"^^^INS&1.2.250&ISO^INS||NOËL^ZOÉ^\\X41\\\\T\\^^^^L",
        "ZBE|312^GAP|20261110||INSERT",
    ])

    static func message(_ segments: [String], terminator: String = "\r") -> [UInt8] {
        Array((segments.joined(separator: terminator) + terminator).utf8)
    }

    /// A minimal header with the given MSH-10.
    static func minimal(controlID: String) -> [UInt8] {
        message(["MSH|^~\\&|A|B|C|D|20260101000000||ADT^A01^ADT_A01|\(controlID)|T|2.5", "PID|1"])
    }
}
