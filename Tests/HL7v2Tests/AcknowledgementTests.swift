import HL7v2
import Testing
import Timekeeping

@Suite struct AcknowledgementTests {
    private let noon = Instant(millisecondsSinceEpoch: 1_795_345_200_000, offsetMinutes: 60)

    @Test func swapsEchoesAndAnswers() throws {
        let message = try Message(parsing: Fixtures.admission)
        let answer = Acknowledgement(.applicationAccept, to: message.header).encoded(answering: message.header, ownControlID: "R-1", at: noon)
        #expect(
            String(decoding: answer, as: UTF8.self)
                == "MSH|^~\\&|COORD|CITY|GAP|CH-MARAIS|20261122120000+0100||ACK^A01^ACK|R-1|T|2.5^FRA^2.11|||||FRA|UNICODE UTF-8\rMSA|AA|M-0001\r"
        )
        #expect(try Acknowledgement(Message(parsing: answer)) == Acknowledgement(.applicationAccept, of: "M-0001"))
    }

    @Test(arguments: AcknowledgementCode.allCases, ErrorSeverity.allCases)
    func everyCodeAndSeverityIsReadBack(code: AcknowledgementCode, severity: ErrorSeverity) throws {
        let message = try Message(parsing: Fixtures.admission)
        let sent = Acknowledgement(
            code,
            to: message.header,
            errors: [
                MessageError(.requiredFieldMissing, severity: severity, at: Location("ZBE", field: 1), diagnostic: "ZBE-1 | is empty"),
                MessageError(.accepted, severity: .warning, applicationCode: "control-id-reused", userMessage: "déjà vu"),
            ]
        )
        let bytes = sent.encoded(answering: message.header, ownControlID: "R-2", at: noon)
        let text = String(decoding: bytes, as: UTF8.self)
        #expect(text.contains("\rERR||ZBE^1^1|101^Required field missing^HL70357|\(severity.rawValue)|||ZBE-1 \\F\\ is empty\r"))
        #expect(text.contains("\rERR|||0^Message accepted^HL70357|W|control-id-reused|||déjà vu\r"))
        #expect(try Acknowledgement(Message(parsing: bytes)) == sent)
        #expect(code.isSuccess == ["AA", "CA"].contains(code.rawValue))
        #expect(code.commit.isSuccess == code.isSuccess)
    }

    @Test(arguments: ErrorCode.allCases)
    func errorTable(code: ErrorCode) throws {
        let header = try Message(parsing: Fixtures.admission).header
        let bytes = Acknowledgement(.applicationReject, to: header, errors: [MessageError(code)]).encoded(
            answering: header,
            ownControlID: "1",
            at: noon
        )
        let read = try Acknowledgement(Message(parsing: bytes))
        #expect(read.errors.map(\.code) == [code.rawValue])
        #expect(String(decoding: bytes, as: UTF8.self).contains("|\(code.rawValue)^\(code.text)^HL70357|E"))
    }

    @Test(
        arguments: [
            ("MSH||GAP|HOP|||2026||ADT^A03|77|P|2.4", "GAP", "77", "ACK^A03^ACK", "P", "2.4"),
            ("MSH|^^^^|GAP|HOP|||2026||ADT^A03|77", "GAP", "77", "ACK^A03^ACK", "P", "2.5"),
            ("MSH|^~\\&|GAP", "GAP", nil, "ACK^^ACK", "P", "2.5"), ("MSH|", nil, nil, "ACK^^ACK", "P", "2.5"),
            ("MSH|AB|X||||||Z|5", "X", "5", "ACK^^ACK", "P", "2.5"),
        ] as [(String, String?, String?, String, String, String)]
    )
    func damagedHeadersAreAnswered(text: String, application: String?, id: String?, type: String, processing: String, version: String) throws {
        let header = try #require(MessageHeader(lenientlyFrom: Array(text.utf8)))
        #expect(header.sendingApplication.namespaceID.text == application)
        let answer = try Message(parsing: Acknowledgement(.applicationReject, to: header).encoded(answering: header, ownControlID: "1", at: noon))
        #expect(answer["MSH", 5].text == application)
        #expect(answer.segment("MSH")?.field(9).raw == type)
        #expect(answer["MSA", 2].text == id)
        #expect([answer["MSH", 11].text, answer["MSH", 12].text] == [processing, version])
    }

    /// What comes back in MSH is copied when it can stand as it is, else read and written again: the builder's own words either way.
    @Test(arguments: [
        ("GAP", "GAP"), ("GAP^1.2^ISO", "GAP^1.2^ISO"), ("GAP^^ISO", "GAP^^ISO"), ("GAP^^", "GAP"), ("^", ""), ("^1.2", "^1.2"),
        ("A&B^C~D", "A&B^C~D"),
        ("A&^B", "A^B"), ("A~", "A"), ("~~B", "~~B"), ("\\X41\\P", "AP"), ("G\\T\\H", "G\\T\\H"), ("A\\Z\\", "A\\E\\Z\\E\\"), ("\"\"", "\"\""),
        ("É", "É"),
        ("A\tB", "A\\X09\\B"),
    ])
    func echoedFields(received: String, written: String) throws {
        let header = try Message(parsing: Array("MSH|^~\\&|\(received)|H|R|C|2026||ADT^A01|1|T|2.5".utf8)).header
        let answer = Acknowledgement(.applicationAccept, to: header).encoded(answering: header, ownControlID: "1", at: noon)
        #expect(String(decoding: answer, as: UTF8.self).hasPrefix("MSH|^~\\&|R|C|\(written)|H|"))
        #expect(try MessageBuilder(copying: Message(parsing: answer)).encoded() == answer)
    }

    @Test func echoesToOtherDelimitersAreRewritten() throws {
        let header = try Message(parsing: Array("MSH#*!%@#G|A*1.2@3#H#R#C#2026##ADT*A01#1#T#2.5*FRA".utf8)).header
        let answer = Acknowledgement(.applicationAccept, to: header).encoded(answering: header, ownControlID: "1", at: noon)
        #expect(String(decoding: answer, as: UTF8.self).hasPrefix("MSH|^~\\&|R|C|G\\F\\A^1.2&3|H|20261122120000+0100||ACK^A01^ACK|1|T|2.5^FRA|"))
    }

    @Test(arguments: ["", "MS", "MSH", "PID|1", "MSHAGAP", "MSH\rPID|1", "MSH\"x"])
    func nobodyToAnswer(text: String) {
        #expect(MessageHeader(lenientlyFrom: Array(text.utf8)) == nil)
    }

    @Test func header() throws {
        let header = try Message(parsing: Fixtures.admission).header
        #expect(header.messageType == MSG(code: "ADT", event: "A01", structure: "ADT_A01"))
        #expect([header.controlID, header.processingID, header.version, header.country] == ["M-0001", "T", "2.5", "FRA"])
        #expect(header.charsetLabel == "UNICODE UTF-8")
        #expect(header.profiles == ["2.11"])
        #expect(header.timestamp?.instant?.rfc3339 == "2026-11-10T08:30:00+01:00")
        #expect(header.receivingFacility.namespaceID == "CITY")
        #expect(header.acknowledgementMode == .original)
    }

    @Test(arguments: [("", "", AcknowledgementMode.original), ("AL", "NE", .enhanced), ("", "ER", .enhanced)])
    func modes(accept: String, application: String, mode: AcknowledgementMode) throws {
        let text = "MSH|^~\\&|A|B|C|D|2026||ADT^A01|1|T|2.5|||\(accept)|\(application)"
        let header = try Message(parsing: Array(text.utf8)).header
        #expect(header.acknowledgementMode == mode)
        #expect(header.acceptCondition?.rawValue ?? "" == accept)
        #expect(header.applicationCondition?.rawValue ?? "" == application)
    }

    @Test(arguments: [
        (AcknowledgementCondition.always, true, true), (.never, false, false), (.onError, false, true), (.onSuccess, true, false),
    ])
    func conditions(condition: AcknowledgementCondition, success: Bool, failure: Bool) {
        #expect(condition.wants(.commitAccept) == success)
        #expect(condition.wants(.applicationError) == failure)
    }

    @Test(arguments: [("PID|1", AcknowledgementError.missingMSA), ("MSA|OK|1", .unknownCode), ("MSA", .unknownCode)])
    func notAnAcknowledgement(segment: String, expected: AcknowledgementError) throws {
        let message = try Message(parsing: Fixtures.message(["MSH|^~\\&|A", segment]))
        #expect(throws: expected) { try Acknowledgement(message) }
    }
}
