import Foundation
import TestSupport
import Testing

@testable import Sealing

struct MasterKeyTests {
    private static let bytes = (0..<32).map { UInt8($0) }
    private static let hex = "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"
    private static let base64 = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="

    @Test func `the id names the key and is not part of it`() throws {
        let key = try MasterKey(bytes: Self.bytes)
        // HKDF-SHA-256 with an empty salt and info "relais master key id", 8 bytes; computed with another implementation.
        #expect(key.id == "f6f03d3a75b2322c")
        #expect("\(key)" == "master key \(key.id)")
        #expect(key.base64 == Self.base64)
        #expect(MasterKey.generate() != MasterKey.generate())
    }

    @Test(arguments: [hex, hex.uppercased(), "  \(hex)\n", base64, "\(base64)\r\n", String(base64.dropLast())])
    func `a key is read from text`(_ text: String) throws {
        let expected = try MasterKey(bytes: Self.bytes)
        let directory = try TemporaryDirectory()
        let file = try directory.write(text, to: "key")
        #expect(try MasterKeySource.file(file).load() == expected)
        #expect(try MasterKeySource.environment("KEY").load(environment: ["KEY": text]) == expected)
        #expect(try MasterKeySource.command("cat '\(file)'").load() == expected)
    }

    @Test func `a key is read from both alphabets of base64`() throws {
        let bytes = [UInt8](repeating: 0xFB, count: 31) + [0xFF]
        let text = Data(bytes).base64EncodedString()
        let urlText = text.replacingOccurrences(of: "+", with: "-").replacingOccurrences(of: "/", with: "_")
        #expect(text != urlText)
        for text in [text, urlText] { #expect(try MasterKey(stored: Array(text.utf8)) == MasterKey(bytes: bytes)) }
    }

    @Test func `a key is read from raw bytes`() throws {
        let directory = try TemporaryDirectory()
        let file = try directory.write(Data(Self.bytes), to: "key", mode: 0o400)
        #expect(try MasterKeySource.file(file).load() == MasterKey(bytes: Self.bytes))
    }

    @Test(arguments: [
        "", "   \n", "correct horse battery staple 1234", String(hex.prefix(32)), String(hex.dropLast()), hex + "00", String(base64.dropLast(4)),
        String(repeating: "0", count: 64), String(repeating: "g", count: 64), String(repeating: "A", count: 5000),
    ])
    func `what is no key is refused without being told`(_ text: String) async throws {
        let directory = try TemporaryDirectory()
        let file = try directory.write(text, to: "secret")
        do {
            _ = try MasterKeySource.file(file).load()
            Issue.record("accepted")
        } catch let error as SealingError {
            #expect(error.code == .invalidMasterKey)
            if text.count > 8 { #expect(!error.message.contains(text.prefix(8))) }
        }
    }

    @Test(arguments: [0o640, 0o604, 0o660, 0o644, 0o610])
    func `a file that others may use is refused`(mode: Int) async throws {
        let directory = try TemporaryDirectory()
        let file = try directory.write(Self.hex, to: "key", mode: mode)
        #expect(await sealingCode { _ = try MasterKeySource.file(file).load() } == .masterKeyUnavailable)
    }

    @Test func `what is not there is said`() async throws {
        let directory = try TemporaryDirectory()
        let sources: [MasterKeySource] = [.file("\(directory.path)/none"), .file(directory.path), .environment("NONE")]
        for source in sources {
            #expect(await sealingCode { _ = try source.load(environment: ["NONE": ""]) } == .masterKeyUnavailable)
        }
    }

    @Test(arguments: [
        ("echo \(hex); echo 'no such token' >&2; exit 3", "status 3; it said: no such token"),
        ("echo \(hex); kill -TERM $$", "signal 15"),
        ("echo \(hex); sleep 600", "longer"),
        ("exec >&- 2>&-; sleep 600", "longer"),
        ("(sleep 600) & echo \(hex)", "longer"),
        ("yes \(hex)", "more than a key"),
    ])
    func `a command that fails is told, its output is not`(_ command: String, _ words: String) throws {
        do {
            // Where the limit is not what is tested, it leaves a busy machine all the time that it needs.
            _ = try MasterKeySource.command(command).load(limit: words == "longer" ? .milliseconds(300) : .seconds(30))
            Issue.record("accepted")
        } catch let error as SealingError {
            #expect(error.code == .masterKeyUnavailable)
            #expect(error.message.contains(words), "\(error)")
            #expect(!error.message.contains(Self.hex.prefix(8)))
        }
    }

    @Test func `a key needs 32 bytes that differ`() async throws {
        for bytes in [[], Array(Self.bytes.dropLast()), Self.bytes + [0], [UInt8](repeating: 7, count: 32)] {
            #expect(await sealingCode { _ = try MasterKey(bytes: bytes) } == .invalidMasterKey)
        }
    }
}
