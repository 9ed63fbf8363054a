import HL7v2
import TestSupport
import Testing
import Timekeeping

@Suite struct MutationTests {
    /// Damaged messages are read or refused, never a trap, and whatever can be read can be written and read again.
    @Test(arguments: [UInt64(3), 1_789, 20_261_122, 4_294_967_291])
    func noDamageTraps(seed: UInt64) throws {
        var random = SplitMix64(seed: seed)
        let interesting: [UInt8] = Array("|^~\\&\r\n\"MSHX.0\u{0B}\u{1C}".utf8) + [0x00, 0x80, 0xC3, 0xFF]
        var parsed = 0
        for round in 0..<2_500 {
            var bytes = Fixtures.brief
            for _ in 0..<Int.random(in: 1...12, using: &random) {
                let place = Int.random(in: 0..<max(bytes.count, 1), using: &random)
                guard place < bytes.count else { continue }
                switch Int.random(in: 0..<5, using: &random) {
                case 0: bytes[place] = .random(in: 0...255, using: &random)
                case 1: bytes[place] = interesting.randomElement(using: &random) ?? 0
                case 2: bytes.insert(interesting.randomElement(using: &random) ?? 0, at: place)
                case 3: bytes.removeSubrange(place..<min(place + Int.random(in: 1...40, using: &random), bytes.count))
                default: bytes.removeSubrange(place...)
                }
            }
            if round.isMultiple(of: 4), let header = MessageHeader(lenientlyFrom: bytes) {
                let answer = Acknowledgement(.applicationError, to: header, errors: [MessageError(.dataType)])
                    .encoded(answering: header, ownControlID: "1", at: .init(millisecondsSinceEpoch: 0))
                let read = try Acknowledgement(Message(parsing: answer))
                // Delimiters with nothing behind them are not written.
                let sent = header.controlID.map { String($0.reversed().drop { "^~&".contains($0) }.reversed()) }
                try #require(read.controlID ?? "" == sent ?? "", "seed \(seed) round \(round)")
            }
            guard let message = try? Message(parsing: bytes) else { continue }
            parsed += 1
            touchEverything(message)
            guard round.isMultiple(of: 4) else { continue }
            let again = try Message(parsing: message.encoded)
            try #require(again.segments.map(\.raw) == message.segments.map(\.raw), "seed \(seed) round \(round)")
            let rewritten = try Message(parsing: MessageBuilder(copying: message).encoded())
            for (old, new) in zip(message.segments.filter { $0.name != nil }, rewritten.segments) {
                try #require(old.field(5).repetition(1).value == new.field(5).repetition(1).value, "seed \(seed) round \(round)")
            }
        }
        #expect(parsed > 500, "seed \(seed): too few damaged messages were readable to prove anything")
    }

    private func touchEverything(_ message: Message) {
        for segment in message.segments {
            for number in 0...(segment.fieldCount + 1) {
                for repetition in segment.field(number).repetitions {
                    _ = repetition.components.map(\.subcomponents)
                    _ = (CX(repetition).effectiveDate, XPN(repetition).isNull, XCN(repetition).authority, Location(erl: repetition))
                    _ = repetition.text.flatMap { Timestamp($0) }?.instant(in: FixedZone.utc)
                }
            }
        }
        _ = (message.header.timestamp, message.header.profiles, message.hashValue)
    }
}
