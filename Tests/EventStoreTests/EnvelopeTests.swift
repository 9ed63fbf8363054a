import Crypto
import TestSupport
import Testing
import Timekeeping

@testable import EventStore

@Suite struct EnvelopeTests {
    // MARK: Ids

    @Test func `ids print and read back`() throws {
        let stream = try #require(StreamID(hex: "00112233445566778899AABBccddeeff"))
        #expect(stream.hex == "00112233445566778899aabbccddeeff")
        #expect(StreamID(bytes: stream.bytes) == stream)
        let event = try #require(EventID("019A9B3C-4d5e-7f60-8123-456789abcdef"))
        #expect(event.description == "019a9b3c-4d5e-7f60-8123-456789abcdef")
        #expect(EventID(bytes: event.bytes) == event)
        #expect(StreamID(high: 1, low: 0) > StreamID(high: 0, low: .max))
    }

    @Test(arguments: [
        "", "019a9b3c4d5e7f608123456789abcdef", "019a9b3c-4d5e-7f60-8123-456789abcde", "019a9b3c-4d5e-7f60-8123-456789abcdeg",
        "é19a9b3c-4d5e-7f60-8123-456789abcde",
    ])
    func `what is no UUID is refused`(text: String) {
        #expect(EventID(text) == nil)
    }

    @Test(arguments: ["", "00", "00112233445566778899aabbccddeefg", "00112233445566778899aabbccddeeff00", "+0112233445566778899aabbccddeeff"])
    func `what is no stream id is refused`(text: String) {
        #expect(StreamID(hex: text) == nil)
        #expect(StreamID(bytes: Array(text.utf8.prefix(15))) == nil)
    }

    // MARK: Naming

    @Test func `a stream's name is the start of the HMAC over its length-prefixed parts`() {
        let key = SymmetricKey(data: [UInt8](repeating: 7, count: 32))
        func part(_ text: String) -> [UInt8] { [0, 0, 0, 0, 0, 0, 0, UInt8(text.utf8.count)] + Array(text.utf8) }
        let input = part("pathway") + part("a") + part("123")
        let code = Array(HMAC<SHA256>.authenticationCode(for: input, using: key))
        #expect(StreamNaming(key: key).id(kind: "pathway", authority: "a", identifier: "123").bytes == Array(code.prefix(16)))
    }

    @Test func `parts are not run together, and the key counts`() {
        let naming = StreamNaming(key: SymmetricKey(data: [UInt8](repeating: 7, count: 32)))
        let other = StreamNaming(key: SymmetricKey(data: [UInt8](repeating: 8, count: 32)))
        let ids = [
            naming.id(kind: "a", authority: "bc", identifier: "d"), naming.id(kind: "ab", authority: "c", identifier: "d"),
            naming.id(kind: "a", authority: "b", identifier: "cd"), other.id(kind: "a", authority: "bc", identifier: "d"),
        ]
        #expect(Set(ids).count == 4)
    }

    // MARK: Event ids

    @Test(arguments: [UInt64(1), 42, 9_999_999])
    func `generated ids are UUIDv7 and grow, whatever the clock does`(seed: UInt64) {
        let clock = ManualClock(1_795_336_200_000)
        let random = SeededRandom(seed: seed)
        let generator = EventIDGenerator(time: clock.source, random: random.next)
        var last: EventID?
        for step in 0..<2000 {
            if step % 100 == 0 { clock.set(1_795_336_200_000 + Int64(truncatingIfNeeded: random.next() % 1000) - 500) }
            let id = generator.next()
            #expect(id.high >> 12 & 0xF == 7 && id.low >> 62 == 2, "seed \(seed)")
            if let last { #expect(id > last, "seed \(seed)") }
            last = id
        }
        #expect((last?.high ?? 0) >> 16 <= 1_795_336_200_501)
    }

    @Test func `used-up random bits borrow the next millisecond`() {
        let generator = EventIDGenerator(time: .fixed(Instant(millisecondsSinceEpoch: 5)), random: { .max })
        let first = generator.next()
        let second = generator.next()
        #expect(first.high >> 16 == 5)
        #expect(second > first && second.high >> 16 == 6)
    }

    @Test(arguments: [Int64.min, -1, .max])
    func `times no UUID can hold are clamped`(milliseconds: Int64) {
        let generator = EventIDGenerator(time: .fixed(Instant(millisecondsSinceEpoch: milliseconds)), random: { 1 })
        #expect(generator.next().high >> 16 == (milliseconds < 0 ? 0 : 0xFFFF_FFFF_FFFF))
    }

    // MARK: Tree

    /// RFC 6962 §2.1, as its recursive definition says.
    private func root(_ leaves: ArraySlice<Hash256>) -> Hash256 {
        guard let first = leaves.first else { return Hash256.of([]) }
        guard leaves.count > 1 else { return first }
        var split = 1
        while split * 2 < leaves.count { split *= 2 }
        let middle = leaves.startIndex + split
        return Hash256.of([1] + root(leaves[..<middle]).bytes + root(leaves[middle...]).bytes)
    }

    @Test func `the frontier's root is that of the definition, at every size`() throws {
        var tree = MerkleFrontier()
        var leaves: [Hash256] = []
        #expect(tree.root.hex == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
        for number in 0..<130 {
            leaves.append(Hash256.of([UInt8(number)]))
            tree.append(Hash256.of([UInt8(number)]))
            #expect(tree.root == root(leaves[...]))
            let restored = tree.bytes.withUnsafeBytes { MerkleFrontier(size: tree.size, bytes: $0) }
            #expect(restored == tree)
        }
        #expect(tree.bytes.withUnsafeBytes { MerkleFrontier(size: 131, bytes: $0) } == nil)
        #expect([].withUnsafeBytes { MerkleFrontier(size: -1, bytes: $0) } == nil)
    }

    @Test func `a type has a schema if it is ours`() {
        #expect(EventSchema.url(forType: "fr.relais.pathway.x.v1") == "https://relais.example/schemas/events/pathway.x.v1.schema.json")
        #expect(EventSchema.url(forType: "fr.relais.") == nil)
        #expect(EventSchema.url(forType: "org.other.x") == nil)
    }

    @Test func `errors are told apart by code alone`() {
        #expect(EventStoreError(.closed, "a") == EventStoreError(.closed, "b"))
        #expect(EventStoreError(.closed, "a") != EventStoreError(.diskFull, "a"))
        #expect(EventStoreError(.closed, "a").description == "closed: a")
    }
}
