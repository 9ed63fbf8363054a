import HL7v2
import Testing

@Suite struct MessageTests {
    let message: Message

    init() throws {
        message = try Message(parsing: Fixtures.admission)
    }

    @Test func segmentsKeepTheirOrder() {
        #expect(message.segments.map(\.rawName) == ["MSH", "EVN", "PID", "ROL", "PV1", "ROL", "ZBE", "ZFD"])
        #expect(message.segments("ROL").map { $0.field(3).text } == ["ODRP", "RT"])
        #expect(message.segment("NK1") == nil)
        #expect(message.irregularities.isEmpty)
    }

    @Test func placesAreCountedAsInTheStandard() throws {
        let msh = try #require(message.segment("MSH"))
        #expect(msh.field(1).text == "|")
        #expect(msh.field(2).text == "^~\\&")
        #expect(msh.field(2).component(2).isEmpty)
        #expect(msh.field(3).text == "GAP")
        #expect(msh.field(9).component(2).text == "A01")
        #expect(msh.fieldCount == 21)

        let pid = try #require(message.segment("PID"))
        #expect(pid.field(3).repetitions.count == 2)
        #expect(pid.field(3).repetition(2).component(4).subcomponent(2) == "1.2.250.1.213.1.4.10")
        #expect(pid.field(3).repetition(3).isEmpty)
        #expect(pid.field(11).text == "12 rue de l'Église&Marché")
        #expect(pid.field(11).raw.hasPrefix("12 rue de l'Église\\T\\Marché^^CHALLANS"))
        #expect(pid.fieldCount == 18)
        for outside in [Int.min, -1, 0, 19, 400, Int.max] {
            #expect(pid.field(outside).isEmpty)
            #expect(msh.field(outside).isEmpty || outside == 19)
            #expect(pid.field(5).repetition(outside).isEmpty || outside == 1)
            #expect(pid.field(5).component(outside).subcomponent(outside) == .absent)
        }
    }

    @Test func tersePathsAndLocations() {
        #expect(message["PID", 8] == "F")
        #expect(message["PID", 3, 4, 2] == "850099991")
        #expect(message["ZFD", 3] == .null)
        #expect(message["ZFD", 2] == .absent)
        #expect(message["NK1", 2] == .absent)
        #expect(message[Location("PID", field: 5, repetition: 2)] == "MARTIN")
        #expect(message[Location("ROL", occurrence: 2, field: 4, component: 2)] == "PETIT")
        #expect(message[Location("ROL", occurrence: 3, field: 4)] == .absent)
        #expect(message[Location("ROL", occurrence: 0, field: 4)] == .absent)
    }

    @Test func absentNullAndTextDiffer() throws {
        let parsed = try Message(parsing: Fixtures.message(["MSH|^~\\&|A", "PID||\"\"|\"\"^x|\"|\"\"\"|a\"\"^\"\""]))
        let pid = try #require(parsed.segment("PID"))
        #expect(pid.field(1).value == .absent)
        #expect(pid.field(2).value == .null)
        #expect(pid.field(3).value == .null)
        #expect(pid.field(4).value == "\"")
        #expect(pid.field(5).value == "\"\"\"")
        #expect(pid.field(6).value == "a\"\"")
        #expect(pid.field(6).component(2).value == .null)
        #expect(pid.field(6).component(2).text == nil)
    }

    @Test(arguments: [
        ("MSH|^~\\&|A", [], ["a", "b", "c", "d"]), ("MSH|^~\\\\&|A", [Irregularity.delimiters], ["a", "b", "c", "d"]),
        ("MSH#*!%@#A", [], ["a", "b", "c", "d"]), ("MSH|^~\\&#|A", [], ["a", "b", "c", "d"]),
    ])
    func anyDelimiters(header: String, irregularities: [Irregularity], expected: [String]) throws {
        let characters = Array(header.dropFirst(3).filter { $0 != "A" })
        let isDoubled = characters[3] == characters[4]
        let sub = characters[isDoubled ? 5 : 4]
        let segment = "ZZZ\(characters[0])a\(characters[1])b\(sub)c\(characters[2])d"
        let parsed = try Message(parsing: Fixtures.message([header, segment]))
        let field = try #require(parsed.segment("ZZZ")).field(1)
        #expect(parsed.irregularities == irregularities)
        #expect([field.text, field.component(2).text, field.component(2).subcomponent(2).text, field.repetition(2).text] == expected)
        #expect(parsed.segment("MSH")?.field(3).text == "A")
    }

    @Test func undeclaredDelimitersDoNotCut() throws {
        let parsed = try Message(parsing: Fixtures.message(["MSH|^|A", "ZZZ|a~b&c\\F\\^d"]))
        #expect(parsed.irregularities == [.delimiters])
        #expect(parsed["ZZZ", 1] == "a~b&c\\F\\")
        #expect(parsed["ZZZ", 1, 2] == "d")
    }

    @Test(arguments: [
        ("MSH|^~\\&|A\rPID|1\r", false), ("MSH|^~\\&|A\rPID|1", false), ("MSH|^~\\&|A\rPID|1\r\r\r", false), ("MSH|^~\\&|A\nPID|1\n", true),
        ("MSH|^~\\&|A\r\nPID|1\r\n", true), ("MSH|^~\\&|A\n\n\nPID|1\n\n", true), ("MSH|^~\\&|A\rPID|1\r\n", true),
        ("MSH|^~\\&|A\n\rPID|1", true), ("\r\nMSH|^~\\&|A\rPID|1\r", false), ("\u{FEFF}MSH|^~\\&|A\rPID|1\r", false),
    ])
    func terminators(text: String, isReported: Bool) throws {
        let parsed = try Message(parsing: Array(text.utf8))
        #expect(parsed.segments.map(\.raw) == ["MSH|^~\\&|A", "PID|1"])
        #expect(parsed.irregularities.contains(.terminators) == isReported)
        #expect(parsed.encoded == Array("MSH|^~\\&|A\rPID|1\r".utf8))
    }

    @Test(arguments: [
        ("first\nsecond line", "first\nsecond line"), ("first\n\nPIDGIN", "first\n\nPIDGIN"), ("a\npid|x", "a\npid"), ("a\nAB|x", "a\nAB"),
    ])
    func lineFeedInsideTextIsText(text: String, expected: String) throws {
        let parsed = try Message(parsing: Fixtures.message(["MSH|^~\\&|A", "NTE|1||\(text)", "PID|1"]))
        #expect(parsed.segments.map(\.rawName) == ["MSH", "NTE", "PID"])
        #expect(parsed["NTE", 3] == Value(expected))
        #expect(parsed.irregularities.isEmpty)
    }

    @Test(arguments: [
        ("", ParseError.empty), ("\r\n \n", .empty), ("PID|1\r", .notAMessage), ("MS", .notAMessage), ("MSH", .truncatedHeader),
        ("MSH|", .truncatedHeader),
        ("MSH||A", .truncatedHeader), ("MSH|\r", .truncatedHeader), ("MSH|^^\\&|A", .unusableDelimiters), ("MSHA^~\\&A", .unusableDelimiters),
        ("MSH|^~\\A|A", .unusableDelimiters), ("MSH|^~\"&|A", .unusableDelimiters), ("MSH\u{0B}^~\\&\u{0B}", .unusableDelimiters),
    ])
    func refused(text: String, expected: ParseError) {
        #expect(throws: expected) { try Message(parsing: Array(text.utf8)) }
        #expect(!expected.description.isEmpty)
    }

    @Test func strangeSegmentsAreKeptAndNotFound() throws {
        let parsed = try Message(parsing: Fixtures.message(["MSH|^~\\&|A", "pid|x", "P", "PIDX|y", "1AB|z", "ZFA"]))
        #expect(parsed.segments.map(\.rawName) == ["MSH", "pid", "P", "PIDX", "1AB", "ZFA"])
        #expect(parsed.segments.map { $0.name?.description } == ["MSH", nil, nil, nil, nil, "ZFA"])
        #expect(parsed.segment("PID") == nil)
        #expect(parsed.segment("ZFA")?.fieldCount == 0)
    }

    @Test func equalityIgnoresTerminatorsOnly() throws {
        let lines = try Message(parsing: Fixtures.message(["MSH|^~\\&|A", "PID|1"], terminator: "\n"))
        let returns = try Message(parsing: Fixtures.message(["MSH|^~\\&|A", "PID|1"]))
        #expect(lines == returns)
        #expect(lines.hashValue == returns.hashValue)
        #expect(try lines != Message(parsing: Fixtures.message(["MSH|^~\\&|A", "PID|2"])))
    }
}
