public import EventStore

/// The body of `add-checkpoint` (C2SP tlog-witness): what the witness knew, the proof from there, the signed checkpoint.
public struct WitnessRequest: Sendable, Hashable {
    /// The size the witness has cosigned last; 0 = none.
    public var oldSize: Int64
    /// The consistency proof from there; empty if ``oldSize`` is 0 or the checkpoint's size.
    public var path: [Hash256]
    public var note: SignedNote

    public init(oldSize: Int64, path: [Hash256], note: SignedNote) {
        self.oldSize = oldSize
        self.path = path
        self.note = note
    }

    /// Reads a body.
    ///
    /// - Throws: ``TransparencyError`` `malformed`.
    public init(body: [UInt8]) throws {
        // The proof ends at the first empty line; the note has one of its own.
        guard body.count <= SignedNote.sizeLimit,
            let gap = zip(body.indices, body.indices.dropFirst()).first(where: { body[$0] == 0x0A && body[$1] == 0x0A })
        else { throw Self.malformed("no empty line after the proof, or too long") }
        let lines = String(decoding: body[..<gap.0], as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: false)
        guard let first = lines.first, first.hasPrefix("old "), let oldSize = DecimalText.decode(first.dropFirst(4)) else {
            throw Self.malformed("its first line is not old and a decimal size")
        }
        let hashes = lines.dropFirst().map { Base64.decode($0).flatMap { Hash256(bytes: $0) } }
        let path = hashes.compactMap { $0 }
        guard path.count == hashes.count, path.count <= MerkleTree.longestPath else {
            throw Self.malformed("its proof is not at most \(MerkleTree.longestPath) base64 SHA-256 hashes, a line each")
        }
        self.init(oldSize: oldSize, path: path, note: try SignedNote(bytes: Array(body[(gap.1 + 1)...])))
    }

    /// The body as it is sent.
    public var body: [UInt8] {
        let lines = ["old \(oldSize)"] + path.map { Base64.encode($0.bytes) }
        return Array(lines.map { "\($0)\n" }.joined().utf8) + [0x0A] + note.bytes
    }

    private static func malformed(_ why: String) -> TransparencyError {
        TransparencyError(.malformed, "Not an add-checkpoint request: \(why).")
    }
}
