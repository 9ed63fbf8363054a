import HL7v2
import Testing

@Suite struct CharsetTests {
    private func received(label: String, name: [UInt8]) -> [UInt8] {
        Array("MSH|^~\\&|A|B|C|D|2026||ADT^A01|1|T|2.5|||||FRA|\(label)\rPID|1||||".utf8) + name + [0x0D]
    }

    @Test(
        arguments: [
            ("UNICODE UTF-8", Array("Zoé".utf8), Charset.utf8, false, "Zoé"), ("8859/15", Array("Zoé".utf8), .utf8, true, "Zoé"),
            ("", Array("Zoé".utf8), .utf8, true, "Zoé"), ("utf8", Array("Zoé".utf8), .utf8, false, "Zoé"),
            ("8859/1", [0x5A, 0xE9, 0xA4], .latin1, false, "Zé¤"), ("8859/15", [0x5A, 0xE9, 0xA4], .latin9, false, "Zé€"),
            ("ISO-8859-15", [0xBD, 0x75], .latin9, false, "œu"), ("UNICODE UTF-8", [0x5A, 0xE9], .latin9, true, "Zé"),
            ("ASCII", [0x5A, 0xE9], .latin9, true, "Zé"), ("", [0xA6, 0xA8, 0xB4, 0xB8, 0xBC, 0xBE], .latin9, true, "ŠšŽžŒŸ"),
            ("UNICODE UTF-16", [0xE9], .latin9, true, "é"), ("8859/1", Array("Zoe".utf8), .ascii, false, "Zoe"),
            ("KLINGON", Array("Zoe".utf8), .ascii, false, "Zoe"),
            ("8859/15~UNICODE UTF-8", [0xE9], .latin9, false, "é"), ("UNICODE UTF-8", [0xC3], .latin9, true, "Ã"),
        ] as [(String, [UInt8], Charset, Bool, String)]
    )
    func decision(label: String, name: [UInt8], charset: Charset, isMismatch: Bool, text: String) throws {
        let message = try Message(parsing: received(label: label, name: name))
        #expect(message.charset.charset == charset)
        #expect(message.charset.isMismatch == isMismatch)
        #expect(message.irregularities.contains(.charsetMismatch) == isMismatch)
        #expect(message["PID", 5] == Value(text))
        #expect(message.charset.label == (label.isEmpty ? nil : label.split(separator: "~").first.map(String.init)))
    }

    @Test func hexadecimalEscapesFollowTheSingleByteSet() throws {
        let message = try Message(parsing: received(label: "8859/15", name: [0xE9] + Array("\\XA4\\".utf8)))
        #expect(message["PID", 5] == "é€")
    }

    /// Every byte from 0xA0 on against the two standards' own tables, as far as they differ.
    @Test func latin9DiffersFromLatin1InEightPlaces() {
        let all = [UInt8](0xA0...0xFF)
        let latin1 = String(decoding: CharsetDecision(for: received(label: "8859/1", name: all)).utf8(all), as: UTF8.self)
        let latin9 = String(decoding: CharsetDecision(for: received(label: "8859/15", name: all)).utf8(all), as: UTF8.self)
        #expect(latin1.unicodeScalars.map(\.value) == (0xA0...0xFF).map { UInt32($0) })
        let different = zip(latin1, latin9).filter { $0 != $1 }
        #expect(String(different.map(\.0)) == "¤¦¨´¸¼½¾")
        #expect(String(different.map(\.1)) == "€ŠšŽžŒœŸ")
    }
}
