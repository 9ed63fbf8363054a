import EventStore
import TestSupport
import Timekeeping

/// Random parts of a log that nobody checked: for what only carries them.
struct Made {
    var random: SplitMix64

    init(seed: UInt64) { random = SplitMix64(seed: seed) }

    mutating func bytes(_ count: Int) -> [UInt8] { (0..<count).map { _ in UInt8.random(in: 0...255, using: &random) } }

    mutating func stream() -> StreamID { StreamID(bytes: bytes(16)) ?? made() }

    mutating func eventID() -> EventID { EventID(bytes: bytes(16)) ?? made() }

    mutating func hash() -> Hash256 { Hash256.of(bytes(16)) }

    mutating func text(_ count: Int) -> String {
        let letters = Array("abcdefgh:-.éœ😀 \u{0}\n")
        return String((0..<max(1, count)).map { _ in letters[Int.random(in: 0..<letters.count, using: &random)] })
    }

    mutating func maybe<Value>(_ value: (inout Made) -> Value) -> Value? {
        Bool.random(using: &random) ? value(&self) : nil
    }

    mutating func instant(extreme: Bool = false) -> Instant {
        if extreme, Int.random(in: 0..<4, using: &random) == 0 {
            let milliseconds: [Int64] = [.min, .max, -62_135_596_800_000, 253_402_300_799_999, 0, -1]
            return Instant(
                millisecondsSinceEpoch: milliseconds.randomElement(using: &random) ?? 0,
                offsetMinutes: Int16.random(in: .min ... .max, using: &random)
            )
        }
        return Instant(
            millisecondsSinceEpoch: Int64.random(in: -2_000_000_000_000...4_000_000_000_000, using: &random),
            offsetMinutes: Int16.random(in: -1_439...1_439, using: &random)
        )
    }

    mutating func event(position: Int64, payload: Int = 40, extreme: Bool = false, attachment: [UInt8]? = nil) -> RecordedEvent {
        RecordedEvent(
            position: position,
            version: Int64.random(in: 1...(extreme ? .max : 1_000), using: &random),
            stream: stream(),
            id: eventID(),
            type: Bool.random(using: &random) ? "fr.relais.pathway.patient-discharged.v1" : text(12),
            source: "urn:finess:\(Int.random(in: 0..<5, using: &random))" + text(2),
            time: instant(extreme: extreme),
            recordedAt: Instant(millisecondsSinceEpoch: instant(extreme: extreme).millisecondsSinceEpoch),
            actor: maybe { $0.text(10) },
            causation: maybe { $0.eventID() },
            correlation: maybe { $0.eventID() },
            keyID: maybe { $0.text(16) },
            attachmentHash: attachment.map { Hash256.of($0) },
            payload: bytes(Int.random(in: 0...payload, using: &random)),
            leafHash: hash()
        )
    }

    mutating func command(position: Int64) -> ReplicatedCommand {
        let hasAnswer = Bool.random(using: &random)
        return ReplicatedCommand(
            digest: bytes(16),
            scope: text(8),
            requestHash: hash(),
            isLasting: Bool.random(using: &random),
            position: position,
            recordedAt: Instant(millisecondsSinceEpoch: Int64.random(in: 0...2_000_000_000_000, using: &random)),
            answer: hasAnswer ? bytes(20) : [],
            answerStream: hasAnswer ? stream() : nil,
            answerKeyID: hasAnswer ? maybe { $0.text(16) } : nil
        )
    }

    private func made<Value>() -> Value { fatalError("16 bytes are an identifier") }
}
