import HL7v2
import TestSupport
import Testing

@Suite struct MLLPFrameDecoderTests {
    private typealias Event = MLLPFrameDecoder.Event

    private func events(_ chunks: [[UInt8]], limit: Int = 64) -> [MLLPFrameDecoder.Event] {
        var decoder = MLLPFrameDecoder(maximumFrameLength: limit)
        var events: [MLLPFrameDecoder.Event] = []
        for chunk in chunks {
            decoder.append(chunk)
            while let event = decoder.next() { events.append(event) }
        }
        while let event = decoder.finish() { events.append(event) }
        return events
    }

    private static func frame(_ text: String) -> MLLPFrameDecoder.Event { .frame(Array(text.utf8)) }
    private static func truncated(_ text: String) -> MLLPFrameDecoder.Event { .truncated(Array(text.utf8)) }

    @Test(
        arguments: [
            ("", []), ("\u{0B}MSH|a\u{1C}\r", [frame("MSH|a")]), ("\u{0B}a\u{1C}\r\u{0B}b\u{1C}\r", [frame("a"), frame("b")]),
            ("\r\n\u{0B}a\u{1C}\r\n\r\u{0B}b\u{1C}\r\n", [frame("a"), frame("b")]), ("xyz\u{0B}a\u{1C}\r", [.garbage(byteCount: 3), frame("a")]),
            ("\u{0B}a\u{1C}\rxy\n", [frame("a"), .garbage(byteCount: 2)]), ("\u{0B}\u{1C}\r", [frame("")]),
            ("\u{0B}a\u{1C}b\u{1C}\u{1C}\r", [frame("a\u{1C}b\u{1C}")]),
            ("\u{0B}abc", [truncated("abc")]), ("\u{0B}abc\u{1C}", [truncated("abc\u{1C}")]), ("\u{0B}a\u{0B}b\u{1C}\r", [frame("a\u{0B}b")]),
            ("\u{0B}MSH|1\r\u{0B}MSH|2\u{1C}\r\u{0B}c\u{1C}\r", [truncated("MSH|1\r"), frame("MSH|2"), frame("c")]),
            ("\u{1C}\r\u{0B}a\u{1C}\r", [.garbage(byteCount: 1), frame("a")]), ("garbage only", [.garbage(byteCount: 12)]),
        ] as [(String, [MLLPFrameDecoder.Event])]
    )
    func table(stream: String, expected: [MLLPFrameDecoder.Event]) {
        let bytes = Array(stream.utf8)
        #expect(events([bytes]) == expected)
        #expect(events(bytes.map { [$0] }) == expected, "byte by byte")
    }

    @Test(arguments: [(63, true), (64, true), (65, false), (66, false), (1_000, false)])
    func limit(length: Int, isAccepted: Bool) {
        let content = [UInt8](repeating: 0x61, count: length)
        let stream = MLLPFraming.frame(content) + MLLPFraming.frame([0x62])
        let expected: [Event] = isAccepted ? [.frame(content), .frame([0x62])] : [.oversize]
        #expect(events([stream]) == expected)
        #expect(events(stream.map { [$0] }) == expected)
    }

    @Test func nothingFollowsAnOversize() {
        var decoder = MLLPFrameDecoder(maximumFrameLength: 4)
        decoder.append([0x0B] + [UInt8](repeating: 0x61, count: 10))
        #expect(decoder.next() == .oversize)
        decoder.append(MLLPFraming.frame([0x61]))
        #expect(decoder.next() == nil)
        #expect(decoder.finish() == nil)
        #expect(!decoder.isInsideFrame)
    }

    @Test func knowsWhetherAFrameIsOpen() {
        var decoder = MLLPFrameDecoder()
        #expect(decoder.next() == nil && !decoder.isInsideFrame)
        decoder.append([0x0B, 0x61])
        #expect(decoder.next() == nil && decoder.isInsideFrame)
        decoder.append([0x1C, 0x0D])
        #expect(decoder.next() == .frame([0x61]) && !decoder.isInsideFrame)
    }

    /// However the same stream is cut, the same events come out.
    @Test(arguments: [UInt64(5), 77, 31_415_926])
    func cutsDoNotMatter(seed: UInt64) throws {
        var random = SplitMix64(seed: seed)
        let pieces: [[UInt8]] = [
            [0x0B], [0x1C], [0x0D], [0x0A], [0x1C, 0x0D], Array("MSH|^~\\&|".utf8), Array("PID|1".utf8), [0x61],
            MLLPFraming.frame(Array("MSH|1".utf8)), MLLPFraming.frame([]),
        ]
        for round in 0..<400 {
            let stream = (0..<Int.random(in: 1...30, using: &random)).flatMap { _ in pieces.randomElement(using: &random) ?? [] }
            let whole = events([stream], limit: 40)
            var chunks: [[UInt8]] = []
            var rest = stream[...]
            while !rest.isEmpty {
                let count = Int.random(in: 1...9, using: &random)
                chunks.append(Array(rest.prefix(count)))
                rest = rest.dropFirst(count)
            }
            try #require(events(chunks, limit: 40) == whole, "seed \(seed) round \(round): \(stream)")
            try #require(events(stream.map { [$0] }, limit: 40) == whole, "seed \(seed) round \(round), byte by byte: \(stream)")
        }
    }

    @Test func longStreamsAreNotKept() {
        var decoder = MLLPFrameDecoder(maximumFrameLength: 1 << 20)
        let content = [UInt8](repeating: 0x61, count: 1_500)
        var frames = 0
        for _ in 0..<2_000 {
            decoder.append(MLLPFraming.frame(content) + [0x0B])
            decoder.append([0x62, 0x1C, 0x0D])
            while let event = decoder.next() {
                if case .frame = event { frames += 1 }
            }
        }
        #expect(frames == 4_000)
        #expect(decoder.finish() == nil)
    }
}
