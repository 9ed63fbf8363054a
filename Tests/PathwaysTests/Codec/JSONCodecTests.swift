import Foundation
import Pathways
import TestSupport
import Testing
import Timekeeping

@Suite("Event bodies are strict JSON")
struct JSONCodecTests {
    @Test(arguments: [
        "{}", #"{"a":1}"#, #" { "a" : [ ] , "b" : { } } "#, #"{"a":"é\n\u00e9\ud83d\ude00\"\\\/"}"#, #"{"a":-0.5e+10,"b":true,"c":null}"#,
    ])
    func readsWhatFoundationReads(text: String) throws {
        _ = try JSONSerialization.jsonObject(with: Data(text.utf8))
        _ = try JSONDocument(Array(text.utf8)).object()
    }

    @Test(arguments: [
        "", "{", "}", "{,}", #"{"a"}"#, #"{"a":}"#, #"{"a":1,}"#, #"{a:1}"#, #"{"a":01}"#, #"{"a":1.}"#, #"{"a":+1}"#, #"{"a":tru}"#,
        #"{"a":"\x"}"#, #"{"a":"\u12"}"#, #"{"a":[1,]}"#, #"{"a":1}x"#, "[1]", "{\"a\":\"\n\"}", #"{"a":NaN}"#,
        String(repeating: #"{"a":"#, count: 40) + "1" + String(repeating: "}", count: 40),
    ])
    func refusesWhatIsNot(text: String) {
        #expect(throws: CodecError.self) { _ = try JSONDocument(Array(text.utf8)).object() }
    }

    @Test func membersComeBackAsWritten() throws {
        let instant = Example.instant("2026-11-16T14:00:00.250+01:00")
        let bytes = JSONWriter.object { json in
            json.write("text", "Zoë \"\\\n\u{1}\u{1F600}")
            json.write("absent", String?.none)
            json.write("number", Int64.min)
            json.write("at", instant)
            json.write("flag", flag: true)
            json.write("noFlag", flag: false)
            json.write("list", ["a", "b"])
            json.write("objects", [1, 2]) { $0.write("n", $1) }
        }
        let object = try JSONDocument(bytes).object()
        #expect(try object.string("text") == "Zoë \"\\\n\u{1}\u{1F600}")
        #expect(try object.optionalString("absent") == nil)
        #expect(try object.integer("number") == .min)
        #expect(try object.instant("at").rfc3339 == instant.rfc3339)
        #expect(try object.flag("flag") && !object.flag("noFlag"))
        #expect(try object.strings("list") == ["a", "b"])
        #expect(try object.objects("objects") { (json) throws(CodecError) in try json.int("n") } == [1, 2])
        #expect(try JSONSerialization.jsonObject(with: Data(bytes)) is [String: Any])
    }

    @Test func anErrorSaysWhereAndNeverWhat() throws {
        let object = try JSONDocument(Array(#"{"a":{"b":"SECRET"}}"#.utf8)).object()
        let error = #expect(throws: CodecError.self) { _ = try object.object("a").integer("b") }
        #expect(error?.description == "$.a.b is not an integer")
    }

    /// Foundation is the oracle: whatever bytes come, both read them or both refuse them, but for the trailing commas that Foundation lets
    /// pass against RFC 8259.
    @Test func randomTextsAreReadAsFoundationReadsThem() {
        var random = SplitMix64(seed: 20_261_122)
        let alphabet = Array(#"{}[]:,"\ntrue019.-eEu0 fals"#.utf8)
        for _ in 0..<20_000 {
            var bytes = Array(#"{"a":"#.utf8)
            for _ in 0..<Int(random.next() % 12) { bytes.append(alphabet[Int(random.next() % UInt64(alphabet.count))]) }
            bytes.append(UInt8(ascii: "}"))
            let oracle = (try? JSONSerialization.jsonObject(with: Data(bytes))) is [String: Any]
            let ours = (try? JSONDocument(bytes).object()) != nil
            let text = String(decoding: bytes.filter { $0 != UInt8(ascii: " ") }, as: UTF8.self)
            if oracle, !ours, text.contains(",}") || text.contains(",]") { continue }
            #expect(ours == oracle, "seed 20261122: \(String(decoding: bytes, as: UTF8.self))")
        }
    }
}
