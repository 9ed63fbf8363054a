import Pathways
import Testing

@Suite struct ProfessionalNumberTests {
    @Test(arguments: ["10000023084", "99700366240", "10003791976", "01234567897", "99999000013"])
    func acceptsRPPS(_ text: String) throws {
        let rpps = try RPPS(text)
        #expect(rpps.value == text)
        #expect("\(rpps)" == text)
    }

    @Test(arguments: [
        ("10001234567", IdentifierError.Code.checkDigit), ("10003456789", .checkDigit), ("810000023084", .length), ("1000002308", .length),
        ("", .length), ("1000002308A", .characters), ("1000002308 ", .characters), ("-0000023084", .characters), ("100000230\u{0664}", .characters),
    ])
    func refusesRPPS(_ text: String, _ code: IdentifierError.Code) {
        let error = #expect(throws: IdentifierError.self) { try RPPS(text) }
        #expect(error?.code == code)
        #expect(error?.identifier == "RPPS")
    }

    @Test func seesEveryWrongDigitOfAnRPPS() throws {
        let number = Array("10000023084")
        for place in number.indices {
            for digit in "0123456789" where digit != number[place] {
                var wrong = number
                wrong[place] = digit
                #expect(throws: IdentifierError.self) { try RPPS(String(wrong)) }
            }
        }
    }

    /// 751012344 fails the Luhn key although it is published: only the format counts.
    @Test(arguments: ["341012342", "701012072", "751012344", "2A1012342", "9D1012342"])
    func acceptsADELI(_ text: String) throws {
        #expect(try ADELI(text).value == text)
    }

    @Test(arguments: [
        ("34101234", IdentifierError.Code.length), ("3410123422", .length), ("A41012342", .characters), ("34101234X", .characters),
        ("2a1012342", .characters),
    ])
    func refusesADELI(_ text: String, _ code: IdentifierError.Code) {
        let error = #expect(throws: IdentifierError.self) { try ADELI(text) }
        #expect(error?.code == code)
    }

    @Test func splitsIDNPS() throws {
        let rpps = try IDNPS("810000023084")
        #expect(rpps.content == .rpps(try RPPS("10000023084")))
        #expect(rpps.rpps?.value == "10000023084")
        #expect(rpps.value == "810000023084")
        let adeli = try IDNPS("0341012342")
        #expect(adeli.content == .adeli(try ADELI("341012342")))
        #expect(adeli.rpps == nil)
        #expect(try IDNPS("3750712184/00012").content == .structure("750712184/00012"))
    }

    @Test(arguments: [
        ("10000023084", IdentifierError.Code.unknownSystem), ("", .unknownSystem), ("510000023084", .unknownSystem), ("810000023085", .checkDigit),
        ("81000002308", .length), ("8", .length), ("034101234", .length), ("3", .length), ("3a b", .characters), ("3é", .characters),
        ("3" + String(repeating: "1", count: 65), .length),
    ])
    func refusesIDNPS(_ text: String, _ code: IdentifierError.Code) {
        let error = #expect(throws: IdentifierError.self) { try IDNPS(text) }
        #expect(error?.code == code)
    }
}
