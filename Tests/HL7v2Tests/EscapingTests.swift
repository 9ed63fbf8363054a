import HL7v2
import Testing

@Suite struct EscapingTests {
    @Test(arguments: [
        ("plain", "plain"), ("\\F\\\\S\\\\T\\\\R\\\\E\\", "|^&~\\"), ("a\\T\\b", "a&b"), ("\\X41\\\\X4243\\", "ABC"), ("\\XC3A9\\", "é"),
        ("\\XE9\\", "é"), ("\\x41\\", "\\x41\\"), ("\\X4\\", "\\X4\\"), ("\\XZZ\\", "\\XZZ\\"), ("\\X\\", "\\X\\"),
        ("one\\.br\\two", "one\ntwo"), ("one\\.sp\\two", "one\ntwo"), ("one\\.sp2\\two", "one\n\ntwo"), ("one\\.sk3\\two", "one   two"),
        ("\\.ce\\t", "\nt"), ("\\.in+4\\t", "t"), ("\\.fi\\t\\.nf\\", "t"), ("\\.sp-1\\", "\\.sp-1\\"), ("\\.zz\\", "\\.zz\\"),
        ("\\.sk999999999\\", String(repeating: " ", count: 100)), ("\\H\\bold\\N\\", "bold"), ("\\Zfoo\\", "\\Zfoo\\"), ("\\C2842\\", "\\C2842\\"),
        ("C:\\dir\\file", "C:\\dir\\file"), ("\\", "\\"), ("a\\", "a\\"), ("\\\\", "\\\\"), ("\\a\\T\\", "\\a&"), ("\\F", "\\F"),
        ("x\\q\\F\\y", "x\\q|y"),
    ])
    func decoding(written: String, expected: String) throws {
        let parsed = try Message(parsing: Fixtures.message(["MSH|^~\\&|A", "NTE|1||x^\(written)"]))
        #expect(parsed["NTE", 3, 2] == Value(expected))
    }

    @Test func escapesUseTheMessagesOwnCharacters() throws {
        let parsed = try Message(parsing: Fixtures.message(["MSH#*!%@#A", "NTE#%F%%S%%T%%R%%E%\\F\\"]))
        #expect(parsed["NTE", 1] == "#*@!%\\F\\")
    }

    @Test(arguments: [
        ("|^~\\&", "\\F\\\\S\\\\R\\\\E\\\\T\\"), ("a\rb", "a\\X0D\\b"), ("a\nb", "a\\.br\\b"), ("\u{0B}\u{1C}", "\\X0B\\\\X1C\\"), ("é€", "é€"),
        ("\"\"", "\\X22\\\\X22\\"), ("\"a\"", "\"a\""), ("\t", "\\X09\\"),
    ])
    func encoding(text: String, written: String) throws {
        var builder = MessageBuilder { _ in }
        builder.append("NTE") { $0[1] = FieldDraft(text) }
        let bytes = builder.encoded()
        #expect(String(decoding: bytes, as: UTF8.self) == "MSH|^~\\&\rNTE|\(written)\r")
        #expect(try Message(parsing: bytes)["NTE", 1] == .text(text))
    }
}
