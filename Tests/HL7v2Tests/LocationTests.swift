import HL7v2
import Testing

@Suite struct LocationTests {
    @Test(arguments: [
        ("PID", Location("PID"), "PID^1"), ("PID-3", Location("PID", field: 3), "PID^1^3"),
        ("PID-3[2]", Location("PID", field: 3, repetition: 2), "PID^1^3^2"),
        ("PID-3[2].4.1", Location("PID", field: 3, repetition: 2, component: 4, subcomponent: 1), "PID^1^3^2^4^1"),
        ("ROL[2]-4", Location("ROL", occurrence: 2, field: 4), "ROL^2^4"),
    ])
    func writtenForms(path: String, location: Location, erl: String) throws {
        #expect(Location(path: path) == location)
        #expect(location.description == path)
        var builder = MessageBuilder { _ in }
        builder.append("ERR") { $0[2] = FieldDraft(repetitions: [location.erl]) }
        let parsed = try Message(parsing: builder.encoded())
        let field = try #require(parsed.segment("ERR")).field(2)
        #expect(field.raw == erl)
        #expect(Location(erl: field.repetition(1)) == location)
    }

    @Test func aComponentImpliesTheFirstRepetition() throws {
        let location = try #require(Location(path: "PID-3.1"))
        #expect(location.repetition == nil)
        var builder = MessageBuilder { _ in }
        builder.append("ERR") { $0[2] = FieldDraft(repetitions: [location.erl]) }
        #expect(String(decoding: builder.encoded(), as: UTF8.self).hasSuffix("ERR||PID^1^3^1^1\r"))
    }

    @Test(arguments: [
        "", "PI", "pid-3", "PID3", "PID-", "PID-0", "PID-a", "PID-3.", "PID-3[0]", "PID-3[", "PID-3.1.2.3", "PID-3 ", "PID-99999999999999999999",
    ])
    func refused(path: String) {
        #expect(Location(path: path) == nil)
    }
}
