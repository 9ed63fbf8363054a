import HL7v2
import Testing

struct MessageEditorTests {
    private static let text = "MSH|^~\\&|A|B|||20261109||ADT^A01|C1\rPID|1||P1^^^CHT~P2^^^CHT&1.2|\rROL|1\rROL|2|UC\r"

    struct Edit: Sendable, CustomTestStringConvertible {
        let location: String
        let value: String
        /// The line that changes.
        let line: String
        var testDescription: String { location }
    }

    static let edits: [Edit] = [
        Edit(location: "PID-3", value: "X^Y~Z", line: "PID|1||X^Y~Z|"),
        Edit(location: "PID-3[2]", value: "X^Y", line: "PID|1||P1^^^CHT~X^Y|"),
        Edit(location: "PID-3[2].4", value: "X&Y", line: "PID|1||P1^^^CHT~P2^^^X&Y|"),
        Edit(location: "PID-3[2].4.2", value: "9", line: "PID|1||P1^^^CHT~P2^^^CHT&9|"),
        Edit(location: "PID-3.1", value: "X", line: "PID|1||X^^^CHT~P2^^^CHT&1.2|"),
        Edit(location: "PID-3[4].2", value: "X", line: "PID|1||P1^^^CHT~P2^^^CHT&1.2~~^X|"),
        Edit(location: "PID-3", value: "", line: "PID|1|||"),
        Edit(location: "PID-8", value: "F", line: "PID|1||P1^^^CHT~P2^^^CHT&1.2|||||F"),
        Edit(location: "ROL[2]-2", value: "DE", line: "ROL|2|DE"),
        Edit(location: "ROL[3]-1", value: "3", line: "ROL|3"),
        Edit(location: "PV1-2", value: "I", line: "PV1||I"),
        Edit(location: "MSH-10", value: "C2", line: "MSH|^~\\&|A|B|||20261109||ADT^A01|C2"),
        Edit(location: "MSH-3", value: "X^Y", line: "MSH|^~\\&|X^Y|B|||20261109||ADT^A01|C1"),
    ]

    @Test(arguments: edits)
    func writes(_ edit: Edit) throws {
        let message = try Message(parsing: Array(Self.text.utf8))
        var editor = MessageEditor(message)
        try editor.write(edit.value, at: try #require(Location(path: edit.location)))
        let lines = String(decoding: try editor.message().encoded, as: UTF8.self).split(separator: "\r").map(String.init)
        let before = Self.text.split(separator: "\r").map(String.init)
        #expect(lines.contains(edit.line))
        // The others stay as they were.
        #expect(lines.filter { $0 != edit.line }.allSatisfy(before.contains))
        #expect(lines.count >= before.count)
    }

    @Test(arguments: [
        ("PID", "x"), ("MSH-1", "x"), ("MSH-2", "x"), ("PID-1000", "x"), ("PID-3[1000]", "x"), ("PID-3.1000", "x"), ("ROL[4]-1", "x"),
    ])
    func `a place that cannot be written`(_ location: String, _ value: String) throws {
        var editor = MessageEditor(try Message(parsing: Array(Self.text.utf8)))
        #expect(throws: MessageEditError.noSuchPlace) { try editor.write(value, at: try #require(Location(path: location))) }
        #expect(try editor.message().encoded == Array(Self.text.utf8))
    }

    @Test(arguments: [("PID-3", "a|b"), ("PID-3", "a\rZZZ|1"), ("PID-3", "a\nb"), ("PID-3[1]", "a~b"), ("PID-3.1", "a^b"), ("PID-3.1.1", "a&b")])
    func `a value that reaches beyond its place`(_ location: String, _ value: String) throws {
        var editor = MessageEditor(try Message(parsing: Array(Self.text.utf8)))
        #expect(throws: MessageEditError.valueReachesBeyond) { try editor.write(value, at: try #require(Location(path: location))) }
    }

    @Test(arguments: [
        ("ROL|1|2||4|5", 3, 1, "ROL|1|2|4|5"), ("ROL|1|2|||5", 3, 2, "ROL|1|2|5"), ("ROL|1|2|3|4|", 5, 3, "ROL|1|2|3|4"),
        ("ROL||2|3|4|5", 1, 1, "ROL|2|3|4|5"), ("ROL|1|2|3|4|5", 6, 1, "ROL|1|2|3|4|5"), ("ROL|1|2|3|4|5", 0, 1, "ROL|1|2|3|4|5"),
        // Written as it should be: nothing that is filled is given up.
        ("ROL|1|2|3|4|5", 3, 1, "ROL|1|2|3|4|5"), ("ROL|1|2||4|5", 3, 2, "ROL|1|2||4|5"),
    ])
    func `fields are moved back`(_ sent: String, _ field: Int, _ places: Int, _ line: String) throws {
        var editor = MessageEditor(try Message(parsing: Array("MSH|^~\\&|A\r\(sent)\rPID|1|2|3\r".utf8)))
        editor.moveBack("ROL", from: field, by: places)
        #expect(try editor.message().encoded == Array("MSH|^~\\&|A\r\(line)\rPID|1|2|3\r".utf8))
    }

    @Test func `the header is never moved`() throws {
        let message = try Message(parsing: Array(Self.text.utf8))
        var editor = MessageEditor(message)
        editor.moveBack("MSH", from: 3, by: 1)
        #expect(try editor.message() == message)
    }

    @Test func `what was remarked on the message, and how it was decoded, still holds`() throws {
        let bytes = Array("MSH|^~\\\\&|A|||||||||||||||UNICODE UTF-8\nPID|1||caf".utf8) + [0xE9]
        let message = try Message(parsing: bytes)
        var editor = MessageEditor(message)
        try editor.write("x", at: Location("PID", field: 1))
        let edited = try editor.message()
        #expect(edited.irregularities == message.irregularities)
        #expect(edited.charset == message.charset)
        #expect(edited["PID", 3].text == "café")
    }

    @Test func `a message without repetitions has one`() throws {
        var editor = MessageEditor(try Message(parsing: Array("MSH|^|A\rPID|1^2\r".utf8)))
        try editor.write("x", at: try #require(Location(path: "PID-1[1].2")))
        #expect(throws: MessageEditError.noSuchPlace) { try editor.write("x", at: try #require(Location(path: "PID-1[2]"))) }
        #expect(try editor.message()["PID", 1, 2].text == "x")
    }
}
