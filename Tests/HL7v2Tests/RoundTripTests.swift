import HL7v2
import TestSupport
import Testing

@Suite struct RoundTripTests {
    /// Random trees, written with random delimiters, read back and compared part by part.
    @Test(arguments: [UInt64(1), 22_112_026, 987_654_321])
    func whatIsWrittenIsRead(seed: UInt64) throws {
        var random = SplitMix64(seed: seed)
        for round in 0..<60 {
            let delimiters = Self.delimiters(&random)
            var builder = MessageBuilder(delimiters: delimiters) { msh in
                for number in 3...Int.random(in: 3...21, using: &random) { msh[number] = Self.field(&random) }
                msh[18] = "UNICODE UTF-8"
            }
            for name in (["PID", "PV1", "ZBE", "OBX", "ZZ9"] as [SegmentName]).shuffled(using: &random) {
                builder.append(name) { segment in
                    for number in 1...Int.random(in: 1...30, using: &random) { segment[number] = Self.field(&random) }
                }
            }
            let bytes = builder.encoded()
            let message = try Message(parsing: bytes)
            for (draft, segment) in zip(builder.segments, message.segments) {
                try #require(segment.name == draft.name, "seed \(seed) round \(round)")
                for number in (draft.name == "MSH" ? 3 : 1)...30 {
                    let read = FieldDraft(copying: segment.field(number)).trimmed
                    try #require(read == draft[number].trimmed, "seed \(seed) round \(round): \(draft.name)-\(number)")
                }
            }
            try #require(message.segments.count == builder.segments.count)
            try #require(message.irregularities.isEmpty)
            try #require(message.encoded == bytes, "seed \(seed) round \(round)")
            try #require(MessageBuilder(copying: message).encoded() == bytes, "seed \(seed) round \(round)")
        }
    }

    @Test func fixturesSurviveBeingRewritten() throws {
        let message = try Message(parsing: Fixtures.admission)
        #expect(MessageBuilder(copying: message).encoded() == Fixtures.admission)
    }

    @Test func incompleteDelimitersAreCompletedForWriting() throws {
        let message = try Message(parsing: Fixtures.message(["MSH|~|A", "ZZZ|1"]))
        #expect(message.delimiters.repetition == nil)
        let completed = message.delimiters.completed
        #expect(completed.encodingCharacters.count == 4)
        #expect(Set(completed.encodingCharacters).count == 4)
        #expect(completed.component == UInt8(ascii: "~"))
        #expect(try Message(parsing: MessageBuilder(copying: message).encoded()).delimiters == completed)
    }

    @Test func fieldNumbersOutsideASegmentAreNotWritten() {
        var segment = SegmentDraft("ZZZ")
        for number in [Int.min, 0, SegmentDraft.highestField + 1, Int.max] {
            segment[number] = "x"
            #expect(segment[number] == FieldDraft(repetitions: []))
        }
        #expect(segment.fields.isEmpty)
    }

    private static func delimiters(_ random: inout SplitMix64) -> Delimiters {
        let characters = Array("|^~\\&#!$%*+;@{}".utf8).shuffled(using: &random)
        return Bool.random(using: &random)
            ? .standard
            : Delimiters(
                field: characters[0],
                component: characters[1],
                repetition: characters[2],
                escape: characters[3],
                subcomponent: characters[4]
            )
                ?? .standard
    }

    private static func field(_ random: inout SplitMix64) -> FieldDraft {
        func several<T>(_ random: inout SplitMix64, _ most: Int, _ make: (inout SplitMix64) -> T) -> [T] {
            (0..<Int.random(in: 0...most, using: &random)).map { _ in make(&random) }
        }
        return FieldDraft(
            repetitions: several(&random, 3) { random in
                RepetitionDraft(several(&random, 4) { random in ComponentDraft(several(&random, 3, value)) })
            }
        )
    }

    private static func value(_ random: inout SplitMix64) -> Value {
        let alphabet = Array("|^~\\&#!$%*+;@{}\"\"\r\n\t\u{0B}\u{1C}aZ09 éœ€😀.XFSTRE").map(String.init)
        switch Int.random(in: 0..<6, using: &random) {
        case 0: return .absent
        case 1: return .null
        default: return Value((0..<Int.random(in: 0...6, using: &random)).map { _ in alphabet.randomElement(using: &random) ?? "" }.joined())
        }
    }
}

extension FieldDraft {
    /// Without the empty parts at the ends, which a message cannot hold.
    fileprivate var trimmed: [[[Value]]] {
        func dropEmptyTail<T>(_ parts: [T], _ isEmpty: (T) -> Bool) -> [T] {
            Array(parts[..<((parts.lastIndex { !isEmpty($0) }).map { $0 + 1 } ?? 0)])
        }
        let repetitions = repetitions.map { repetition in
            let components = repetition.components.map { component in dropEmptyTail(component.subcomponents) { $0.isAbsent } }
            return dropEmptyTail(components) { $0.isEmpty }
        }
        return dropEmptyTail(repetitions) { $0.isEmpty }
    }
}
