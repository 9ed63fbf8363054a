import HL7v2
import Testing

@Suite struct DataTypeTests {
    let message: Message

    init() throws {
        message = try Message(parsing: Fixtures.admission)
    }

    private func repetition(_ name: SegmentName, _ field: Int, _ number: Int = 1) throws -> Repetition {
        try #require(message.segment(name)).field(field).repetition(number)
    }

    @Test func identifiers() throws {
        let ins = CX(try repetition("PID", 3, 2))
        #expect(ins.id == "255106712345633")
        #expect(ins.authority == HD(namespaceID: "ASIP-SANTE-INS-NIR", universalID: "1.2.250.1.213.1.4.10", universalIDType: "ISO"))
        #expect(ins.typeCode == "INS")
        #expect(ins.effectiveDate == Timestamp("20200101"))
        #expect(ins.checkDigit == nil)
        let visit = CX(try repetition("PV1", 19))
        #expect(visit.id == "V900")
        #expect(visit.typeCode == "VN")
        #expect(visit.facility.isEmpty)
        let movement = EI(try repetition("ZBE", 1))
        #expect(movement.id == "312")
        #expect(movement.authority == HD(namespaceID: "GAP", universalID: "850099991"))
    }

    @Test func peopleAndPlaces() throws {
        let birth = XPN(try repetition("PID", 5))
        #expect([birth.family, birth.given, birth.secondAndFurther] == ["ROUSSEAU", "JEANNE", "JEANNE MARIE"])
        #expect(birth.prefix == "Mme")
        #expect(birth.typeCode == "L")
        let home = XAD(try repetition("PID", 11))
        #expect([home.city, home.postalCode] == ["CHALLANS", "85300"])
        #expect(home.typeCode == "H")
        let birthplace = XAD(try repetition("PID", 11, 2))
        #expect(birthplace.countyCode == "67123")
        #expect(birthplace.typeCode == "BDL")
        let doctor = XCN(try repetition("ROL", 4))
        #expect(doctor.id == "10000023084")
        #expect(doctor.authority.universalID == "1.2.250.1.71.4.2.1")
        #expect([doctor.family, doctor.given] == ["BERNARD", "Luc"])
        #expect(doctor.typeCode == "RPPS")
        let unit = XON(try repetition("ZBE", 7))
        #expect([unit.name, unit.identifier] == ["Cardiologie", "4010"])
        #expect(unit.typeCode == "UF")
        #expect(unit.authority.namespaceID == "CH-MARAIS")
        let bed = PL(try repetition("PV1", 3))
        #expect([bed.pointOfCare, bed.room, bed.bed] == ["4010", "12", "1"])
        #expect(bed.facility.universalID == "850099991")
        #expect(bed.status == "O")
    }

    @Test func typesAndCodes() throws {
        #expect(MSG(try repetition("MSH", 9)) == MSG(code: "ADT", event: "A01", structure: "ADT_A01"))
        let parsed = try Message(parsing: Fixtures.message(["MSH|^~\\&|A", "PV2|||J44.1^BPCO^I10^x^y^z^^^essoufflé"]))
        let reason = CWE(try #require(parsed.segment("PV2")).field(3).repetition(1))
        #expect(reason.identifier == "J44.1")
        #expect([reason.text, reason.codingSystem, reason.originalText] == ["BPCO", "I10", "essoufflé"])
        #expect([reason.alternateIdentifier, reason.alternateText, reason.alternateCodingSystem] == ["x", "y", "z"])
    }

    @Test func nullErases() throws {
        let parsed = try Message(parsing: Fixtures.message(["MSH|^~\\&|A", "PID|||\"\"^^^ASIP-SANTE-INS-NIR&1.2&ISO^INS||\"\"~\"\"^^^^^^D"]))
        let pid = try #require(parsed.segment("PID"))
        #expect(CX(pid.field(3).repetition(1)).id == .null)
        #expect(CX(pid.field(3).repetition(1)).typeCode == "INS")
        #expect(XPN(pid.field(5).repetition(1)).isNull)
        #expect(!XPN(pid.field(5).repetition(2)).isNull)
        #expect(XPN(pid.field(5).repetition(2)).family == .null)
    }
}
