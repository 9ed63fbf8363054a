import Pathways
import Testing

@Suite struct PlaceNumberTests {
    @Test(arguments: [
        ("750712184", true), ("690781810", true), ("750100125", true), ("300017985", true), ("2A0000014", false), ("2B0000020", false),
        ("0B0172805", false), ("850099995", true),
    ])
    func acceptsFINESS(_ text: String, isKeyVerified: Bool) throws {
        let finess = try FINESS(text)
        #expect(finess.value == text)
        #expect(finess.isKeyVerified == isKeyVerified)
    }

    @Test(arguments: [
        ("120456789", IdentifierError.Code.checkDigit), ("890000038", .checkDigit), ("330780000", .checkDigit), ("75071218", .length),
        ("7507121840", .length), ("", .length), ("75071218A", .characters), ("A50712184", .characters), ("2C0000014", .characters),
        ("2a0000014", .characters), ("750 12184", .characters),
    ])
    func refusesFINESS(_ text: String, _ code: IdentifierError.Code) {
        let error = #expect(throws: IdentifierError.self) { try FINESS(text) }
        #expect(error?.code == code)
    }

    @Test(arguments: [
        ("85047", "85", false), ("2A004", "2A", false), ("2B033", "2B", false), ("01001", "01", false), ("97411", "974", false),
        ("98818", "988", false), ("99109", "99", true),
    ])
    func acceptsCommuneCode(_ text: String, department: String, isAbroad: Bool) throws {
        let code = try CommuneCode(text)
        #expect(code.value == text)
        #expect(code.department == department)
        #expect(code.isAbroad == isAbroad)
    }

    @Test(arguments: [
        ("8504", IdentifierError.Code.length), ("850470", .length), ("", .length), ("00123", .range), ("96001", .range), ("2C004", .characters),
        ("A2004", .characters), ("3A004", .characters), ("2a004", .characters), ("8504A", .characters), ("85 47", .characters),
    ])
    func refusesCommuneCode(_ text: String, _ code: IdentifierError.Code) {
        let error = #expect(throws: IdentifierError.self) { try CommuneCode(text) }
        #expect(error?.code == code)
    }
}
