import Testing

@testable import Pathways

@Suite("Identifiers in little memory")
struct CompactNameTests {
    private static let digits = "019a8b2c00007000800000000000002b"
    private static let uuid = "019a8b2c-0000-7000-8000-00000000002b"

    @Test(
        "Whatever is written comes back as it was",
        arguments: [
            digits, uuid, "", "f1", "é", String(repeating: "0", count: 32), String(repeating: "f", count: 32), digits.uppercased(), uuid.uppercased(),
            "019a8b2c0-000-7000-8000-00000000002b", "019a8b2c-0000-7000-8000-00000000002g", "019a8b2c-0000-7000-8000-0000000000-b",
            String(repeating: "-", count: 36), String(repeating: "0", count: 36), String(digits.dropLast()), digits + "0",
            String(repeating: "é", count: 16),
        ]
    )
    func roundTrip(_ text: String) { #expect(CompactName(text).text == text) }

    @Test("Two spellings are two names, though their digits are the same")
    func spellings() {
        let names = [Self.digits, Self.uuid, Self.digits.uppercased(), Self.uuid.uppercased()].map(CompactName.init)
        #expect(Set(names).count == 4)
        #expect(names[0] == .hexadecimal(0x019a_8b2c_0000_7000, 0x8000_0000_0000_002b))
        #expect(names[1] == .uuid(0x019a_8b2c_0000_7000, 0x8000_0000_0000_002b))
        #expect(names[2] == .text(Self.digits.uppercased()))
    }

    @Test("It is small", arguments: [MemoryLayout<CompactName>.stride, MemoryLayout<CompactName?>.stride])
    func size(_ stride: Int) { #expect(stride == 24) }
}
