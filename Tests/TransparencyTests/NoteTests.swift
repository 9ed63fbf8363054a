import EventStore
import Testing

@testable import Transparency

@Suite struct NoteTests {
    // From the documentation of Go's sumdb/note.
    private static let vkey = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
    private static let note = """
        If you think cryptography is the answer to your problem,
        then you don't know what your problem is.

        — PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=

        """

    @Test func `a note of another implementation verifies, and its key signs the same`() throws {
        let key = try VerifierKey(Self.vkey)
        #expect(key.description == Self.vkey)
        let note = try SignedNote(bytes: Array(Self.note.utf8))
        #expect(try note.verified(by: [key]).count == 1)
        // The second half of its private key, "PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALV…".
        let seed = try #require(Base64.decode("AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz")?.dropFirst())
        let own = try LogKey(origin: "PeterNeumann", seed: Array(seed))
        #expect(own.verifierKey == key)
        #expect(try own.sign(note.text) == note.signatures[0])
        #expect(note.description == Self.note)
    }

    @Test func `every changed byte of a note is found`() throws {
        let key = try VerifierKey(Self.vkey)
        let bytes = Array(Self.note.utf8)
        for index in bytes.indices {
            for bit in 0..<8 as Range<UInt8> {
                var changed = bytes
                changed[index] ^= 1 << bit
                #expect(throws: TransparencyError.self, "byte \(index), bit \(bit)") { try SignedNote(bytes: changed).verified(by: [key]) }
            }
        }
    }

    @Test(arguments: [
        "", "\n", "text\n", "text\n\n", "text\n\n— a AAAAAAA=", "text\n\n— a AAAAAAA=\n\n", "text\n\n- a AAAAAAA=\n", "text\n\n— a+b AAAAAAA=\n",
        "text\n\n—  AAAAAAA=\n", "text\n\n— a AAAA\n", "text\n\n— a AAAAAAB=\n", "text\n\n— a AAAAAAA= \n", "te\rxt\n\n— a AAAAAAA=\n",
        "\n— a AAAAAAA=\n",
        "text\n\n— a AAAAAAA=\r\n",
    ])
    func `what is no note is refused`(text: String) {
        #expect(throws: TransparencyError(.malformed, "")) { try SignedNote(bytes: Array(text.utf8)) }
    }

    @Test func `signatures of unknown keys are kept and ignored`() throws {
        let key = try Fixture.logKey()
        let other = try LogKey(origin: "someone.else/x", seed: [UInt8](repeating: 3, count: 32))
        let text = "a\n\nb\n"
        let note = SignedNote(text: text, signatures: [try other.sign(text), try key.sign(text)])
        let read = try SignedNote(bytes: note.bytes)
        #expect(read == note)
        #expect(try read.verified(by: [key.verifierKey]) == [note.signatures[1]])
        #expect(throws: TransparencyError(.notSigned, "")) { try read.verified(by: [Fixture.logKey(2).verifierKey]) }
        let forged = SignedNote(text: "b\n", signatures: note.signatures)
        #expect(throws: TransparencyError(.badSignature, "")) { try forged.verified(by: [key.verifierKey]) }
        #expect(throws: TransparencyError(.notSigned, "")) { try forged.verified(by: []) }
    }

    @Test(arguments: [
        "", "a", "a+c74f20a3", "PeterNeumann+c74f20a4+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
        "PeterNeumann+C74F20A3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW", "Peter Neumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
        "PeterNeumann+c74f20a3+AhpcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW", "+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
    ])
    func `what is no verifier key is refused`(text: String) {
        #expect(throws: TransparencyError.self) { try VerifierKey(text) }
    }

    // MARK: Checkpoints

    @Test func `the specification's checkpoint is read and written as it stands`() throws {
        let text = "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n"
        let checkpoint = try Checkpoint(text: text)
        #expect(checkpoint.origin == "example.com/behind-the-sofa" && checkpoint.tree.size == 20_852_163 && checkpoint.extensions.isEmpty)
        #expect(checkpoint.text == text)
        #expect(try Checkpoint(text: text + "more\n").extensions == ["more"])
        #expect(try Checkpoint(text: text + "more\n").text == text + "more\n")
    }

    @Test(arguments: [
        "", "a\n1\n", "\n1\n\(root)\n", "a\n01\n\(root)\n", "a\n-1\n\(root)\n", "a\n+1\n\(root)\n", "a\n1\n\(root)", "a\n1\n\(root)\n\n",
        "a\n1\n\(root)\n\nx\n", "a\n1 \n\(root)\n", "a\n9223372036854775808\n\(root)\n", "a\n1\nAAAA\n",
        "a\n1\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2J=\n",
    ])
    func `what is no checkpoint is refused`(text: String) {
        #expect(throws: TransparencyError(.malformed, "")) { try Checkpoint(text: text) }
    }

    private static let root = "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I="

    @Test func `a checkpoint is trusted only from its own log's key`() throws {
        let checkpoint = Checkpoint(origin: Fixture.origin, tree: TreeHead(size: 0, rootHash: MerkleTree.emptyRoot))
        let key = try Fixture.logKey()
        let note = SignedNote(text: checkpoint.text, signatures: [try key.sign(checkpoint.text)])
        #expect(try Checkpoint(note, trusting: [key.verifierKey]) == checkpoint)
        let other = try LogKey(origin: "relais.example/other", seed: [UInt8](repeating: 1, count: 32))
        let foreign = SignedNote(text: checkpoint.text, signatures: [try other.sign(checkpoint.text)])
        #expect(throws: TransparencyError(.notSigned, "")) { try Checkpoint(foreign, trusting: [key.verifierKey, other.verifierKey]) }
    }
}
