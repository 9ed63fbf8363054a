import Pathways
import TestSupport
import Testing

@Suite struct HostileFileTests {
    static let hostile: [(name: String, bytes: [UInt8])] = [
        ("nothing", []),
        ("a comment", Array("# nothing but a comment here\n".utf8)),
        ("a list", Array("- one\n- two\n- three\n- four\n".utf8)),
        ("a text", Array("just a text that goes on and on\n".utf8)),
        ("not UTF-8", [0x69, 0x64, 0x3A, 0x20, 0xFF, 0xFE, 0x0A] + Array(repeating: 0x23, count: 40)),
        ("a null byte", Array("id: a\u{0}b\nversion: 1\ntitle: x\n".utf8)),
        ("two documents", Array("id: one-file\n---\nid: another-file\n".utf8)),
        ("brackets without end", Array(repeating: UInt8(ascii: "["), count: 200_000)),
        ("braces without end", Array(String(repeating: "{a: ", count: 50_000).utf8)),
        ("dashes without end", Array(String(repeating: "- ", count: 100_000).utf8)),
        ("brackets closed", Array((String(repeating: "[", count: 900) + String(repeating: "]", count: 900)).utf8)),
        ("an alias bomb", Array("a: &a [x, x, x, x]\nb: &b [*a, *a, *a]\nc: &c [*b, *b, *b]\n? *c\n: y\n".utf8)),
        ("an alias to nothing", Array("id: *unknown-anchor\nversion: 1\n".utf8)),
        ("a mapping as a key", Array("? {a: b}\n: value\nid: some-thing\n".utf8)),
        ("a merge key", Array("<<: {id: some-thing}\nversion: 1\n".utf8)),
        ("a tag", Array("!!python/object:os.system id: some-thing\n".utf8)),
        ("too much", Array(repeating: UInt8(ascii: "#"), count: TerritoryFile.sizeLimit + 1)),
    ]

    @Test(arguments: hostile.map(\.name)) func isRefusedByBothParsers(_ name: String) throws {
        let bytes = try #require(Self.hostile.first { $0.name == name }?.bytes)
        let byProtocol = #expect(throws: FileErrors.self) { try ProtocolFile.parse(yaml: bytes, file: "hostile.yaml") }
        let byTerritory = #expect(throws: FileErrors.self) { try TerritoryFile.parse(yaml: bytes, file: "hostile.yaml") }
        for errors in [byProtocol, byTerritory] {
            #expect(errors?.problems.isEmpty == false)
        }
    }

    /// Random damage never traps, and what is refused is refused with a place inside the file.
    @Test(arguments: ["copd.yaml", "demo-territory.yaml", "notifications.yaml"]) func survivesRandomDamage(_ file: String) throws {
        let seed: UInt64 = 0xC0FFEE
        var numbers = SplitMix64(seed: seed)
        let original = Array(try #require(Shipped.text(of: file)).utf8.prefix(6_000))
        let noise = Array("[]{}:,-#&*!|>'\"%@`?\n\t 09azé\u{1}".utf8)
        var refused = 0
        for _ in 0..<150 {
            var bytes = original
            for _ in 0..<Int.random(in: 1...4, using: &numbers) {
                let place = Int.random(in: 0..<bytes.count, using: &numbers)
                switch Int.random(in: 0...2, using: &numbers) {
                case 0: bytes[place] = noise[Int.random(in: 0..<noise.count, using: &numbers)]
                case 1: bytes.insert(noise[Int.random(in: 0..<noise.count, using: &numbers)], at: place)
                default: bytes.removeSubrange(place..<min(place + Int.random(in: 1...20, using: &numbers), bytes.count))
                }
            }
            let lines = bytes.count { $0 == UInt8(ascii: "\n") } + 2
            do throws(FileErrors) {
                switch file {
                case "demo-territory.yaml": _ = try TerritoryFile.parse(yaml: bytes, file: file)
                case "notifications.yaml": _ = try NewsTableFile.parse(yaml: bytes, file: file)
                default: _ = try ProtocolFile.parse(yaml: bytes, file: file)
                }
            } catch {
                refused += 1
                #expect(error.problems.allSatisfy { (1...lines).contains($0.line) && $0.column >= 1 }, "seed \(seed)")
            }
        }
        #expect(refused > 100)
    }
}
