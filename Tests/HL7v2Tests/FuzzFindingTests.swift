import HL7v2
import Testing

/// Inputs that fuzzing found, or that its properties made us look at.
@Suite struct FuzzFindingTests {
    /// Copying looked up each field from the start of its segment: a quarter of a million of them took minutes.
    @Test(.timeLimit(.minutes(5))) func segmentsOfManyFieldsAreCopiedInOneScan() throws {
        let message = try Message(parsing: Fixtures.message(["MSH|^~\\&|A", "NTE" + String(repeating: "|", count: 250_000) + "x"]))
        let segment = try #require(message.segment("NTE"))
        #expect(segment.fieldCount == 250_000)
        #expect(segment.fields.count == 250_000)
        #expect(segment.fields.last?.text == "x")
        #expect(SegmentDraft(copying: segment)?.fields.count == SegmentDraft.highestField)
    }

    /// A line end was written `\.br\`, and cut in two where the dot is a delimiter.
    @Test(arguments: [("MSH|^~\\.|A", "a\\X0A\\b"), ("MSH|^.\\&|A", "a\\X0A\\b"), ("MSH|^~\\&|A", "a\\.br\\b")])
    func lineEndsAreWrittenWithoutDelimiters(header: String, written: String) throws {
        var builder = try MessageBuilder(copying: Message(parsing: Fixtures.message([header])))
        builder.append("NTE") { $0[3] = "a\nb" }
        let message = try Message(parsing: builder.encoded())
        #expect(message.segment("NTE")?.field(3).raw == written)
        #expect(message["NTE", 3] == "a\nb")
    }

    @Test func fieldsInOrderAreThoseByNumber() throws {
        let message = try Message(parsing: Fixtures.admission)
        for segment in message.segments {
            #expect(segment.fields == (1...segment.fieldCount).map { segment.field($0) })
        }
        #expect(try Message(parsing: Array("MSH|^~\\&|A\rZFA".utf8)).segment("ZFA")?.fields == [])
        #expect(try Message(parsing: Array("MSH|^|".utf8)).segment("MSH")?.fields.map(\.raw) == ["|", "^", ""])
    }

    /// Nothing is held, and nothing is miscounted, after a frame that was too long.
    @Test func nothingIsBufferedAfterTheEnd() {
        var decoder = MLLPFrameDecoder(maximumFrameLength: 4)
        decoder.append(MLLPFraming.frame([0x61]) + [0x0B] + [UInt8](repeating: 0x61, count: 10))
        #expect(decoder.next() == .frame([0x61]))
        #expect(decoder.bufferedByteCount == 11)
        #expect(decoder.next() == .oversize)
        #expect(decoder.bufferedByteCount == 0)
        #expect(decoder.finish() == nil)
    }
}
