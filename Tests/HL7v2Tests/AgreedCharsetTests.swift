import HL7v2
import Testing

struct AgreedCharsetTests {
    /// PID-1 holds the byte A4: ¤ in 8859/1, € in 8859/15.
    private static func message(_ label: String) -> [UInt8] {
        Array("MSH|^~\\&|A|||||||||||||||\(label)\rPID|".utf8) + [0xA4, 0x0D]
    }

    @Test(arguments: ["8859/15", "8859/1", "UNICODE UTF-8", ""], [Charset.latin1, .latin9])
    func `the agreed set decides, whatever the label`(_ label: String, _ agreed: Charset) throws {
        let message = try Message(parsing: Self.message(label), agreed: agreed)
        #expect(message["PID", 1].text == (agreed == .latin1 ? "¤" : "€"))
        #expect(message.charset.charset == agreed)
        #expect(message.charset.label == (label.isEmpty ? nil : label))
        #expect(message.irregularities.isEmpty)
    }

    @Test(arguments: [Charset.latin1, .latin9, .utf8, .ascii])
    func `bytes that are UTF-8 or ASCII are read as usual`(_ agreed: Charset) throws {
        for text in ["MSH|^~\\&|A|||||||||||||||8859/1\rPID|€\r", "MSH|^~\\&|A\rPID|1\n"] {
            let usual = try Message(parsing: Array(text.utf8))
            let message = try Message(parsing: Array(text.utf8), agreed: agreed)
            #expect(message == usual)
            #expect(message.irregularities == usual.irregularities)
        }
    }

    @Test func `a set that is not of single bytes changes nothing`() throws {
        #expect(try Message(parsing: Self.message(""), agreed: .utf8)["PID", 1].text == "€")
    }

    @Test func `bytes in escapes are of that set too`() throws {
        let bytes = Self.message("8859/15") + Array("ZZZ|\\XA4\\\r".utf8)
        #expect(try Message(parsing: bytes, agreed: .latin1)["ZZZ", 1].text == "¤")
    }

    @Test func `what cannot be read cannot be read`() {
        #expect(throws: ParseError.notAMessage) { try Message(parsing: [0x41, 0xA4], agreed: .latin1) }
    }
}
