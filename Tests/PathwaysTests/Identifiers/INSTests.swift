import Pathways
import TestSupport
import Testing

private let testOID = "1.2.250.1.213.1.4.10"

@Suite struct INSTests {
    static let keys: [(number: String, key: Int)] = [
        ("2790351215189", 89), ("2550814168025", 38), ("2690549588157", 80), ("1891275125012", 82), ("1631278477042", 94),
        ("2620875032039", 77), ("254082A001008", 32), ("254082B001008", 59), ("2600588154002", 33),
        ("2760375106693", 26),
    ]

    @Test(arguments: keys) func keyOfThirteen(_ row: (number: String, key: Int)) throws {
        #expect(try NIR.key(of13: row.number) == row.key)
        let ins = try INS(number: row.number + (row.key < 10 ? "0" : "") + "\(row.key)", oid: testOID)
        #expect(ins.number15.hasPrefix(row.number))
        #expect(ins.value == ins.number15)
    }

    @Test(arguments: [
        ("1.2.250.1.213.1.4.8", INS.Kind.nir, INS.Domain.production, true, false),
        ("1.2.250.1.213.1.4.9", .nia, .production, true, false),
        ("1.2.250.1.213.1.4.10", .nir, .test, false, true),
        ("1.2.250.1.213.1.4.11", .nir, .demo, false, true),
    ])
    func registers(oid: String, kind: INS.Kind, domain: INS.Domain, inProduction: Bool, inTest: Bool) throws {
        let ins = try INS(number: "279035121518989", oid: oid)
        #expect(ins.kind == kind)
        #expect(ins.domain == domain)
        #expect(ins.oid == oid)
        #expect(ins.isAllowed(in: .production) == inProduction)
        #expect(ins.isAllowed(in: .test) == inTest)
    }

    static let refused: [(number: String, oid: String, code: IdentifierError.Code)] = [
        ("260058815400244", testOID, .checkDigit),  // printed with this key in PAM
        ("276037510669380", testOID, .checkDigit),
        ("123456789012244", testOID, .checkDigit),
        ("254082A00100859", testOID, .checkDigit),  // the key of 2B
        ("2790351215189", testOID, .length),  // a NIA sent without key
        ("2790351215189890", testOID, .length),
        ("", testOID, .length),
        (" 79035121518989", testOID, .characters),
        ("27903512151898A", testOID, .characters),
        ("279035121518A89", testOID, .characters),
        ("254082a00100832", testOID, .characters),
        ("254083A00100832", testOID, .characters),
        ("254082C00100832", testOID, .characters),
        ("954082A00100832", testOID, .characters),
        ("\u{0662}79035121518989", testOID, .length),  // an Arabic digit takes two bytes
        ("279035121518989", "1.2.250.1.213.1.4.2", .unknownSystem),
        ("279035121518989", "1.2.250.1.213.1.4.6", .unknownSystem),
        ("279035121518989", "1.2.250.1.213.1.4.7", .unknownSystem),
        ("279035121518989", "1.2.250.1.213.1.4", .unknownSystem),
        ("279035121518989", "", .unknownSystem),
    ]

    @Test(arguments: refused) func refusesWithoutEcho(_ row: (number: String, oid: String, code: IdentifierError.Code)) {
        let error = #expect(throws: IdentifierError.self) { try INS(number: row.number, oid: row.oid) }
        #expect(error?.code == row.code)
        if let error, row.number.count > 4 {
            #expect(!error.description.contains(row.number))
        }
    }

    @Test func noTextFormShowsTheNumber() throws {
        struct Holder {
            let ins: INS?
        }
        let ins = try INS(number: "279035121518989", oid: testOID)
        var dumped = ""
        dump(Holder(ins: ins), to: &dumped)
        for text in ["\(ins)", String(reflecting: ins), "\(Holder(ins: ins))", dumped] {
            #expect(!text.contains("27903512"))
            #expect(text.contains("test"))
        }
    }

    /// 97 is prime and divides no power of ten: one wrong digit is always seen.
    @Test func seesEveryWrongDigit() throws {
        let seed: UInt64 = 20_261_122
        var numbers = SplitMix64(seed: seed)
        for _ in 0..<300 {
            let digits = "2" + (0..<12).map { _ in String(Int.random(in: 0...9, using: &numbers)) }.joined()
            let key = try NIR.key(of13: digits)
            let number = Array(digits + (key < 10 ? "0" : "") + "\(key)")
            _ = try INS(number: String(number), oid: testOID)
            let place = Int.random(in: 1..<15, using: &numbers)
            for digit in "0123456789" where digit != number[place] {
                var wrong = number
                wrong[place] = digit
                #expect(throws: IdentifierError.self, "seed \(seed), place \(place)") { try INS(number: String(wrong), oid: testOID) }
            }
        }
    }
}
