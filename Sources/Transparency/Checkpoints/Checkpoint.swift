public import EventStore

/// A log's state as its key signs it (C2SP tlog-checkpoint): origin, size and root, a line each.
public struct Checkpoint: Sendable, Hashable {
    /// Which log.
    public var origin: String
    public var tree: TreeHead
    /// Lines after the third; a log of ours writes none.
    public var extensions: [String]

    public init(origin: String, tree: TreeHead, extensions: [String] = []) {
        self.origin = origin
        self.tree = tree
        self.extensions = extensions
    }

    /// Reads a note's text.
    ///
    /// - Throws: ``TransparencyError`` `malformed`.
    public init(text: String) throws {
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        guard lines.count >= 4, lines.last?.isEmpty == true, lines.dropLast().allSatisfy({ !$0.isEmpty }),
            let size = DecimalText.decode(lines[1]), let root = Base64.decode(lines[2]).flatMap({ Hash256(bytes: $0) })
        else {
            throw TransparencyError(.malformed, "Not a checkpoint: expected an origin, a decimal size and a base64 SHA-256, a line each.")
        }
        self.init(origin: String(lines[0]), tree: TreeHead(size: size, rootHash: root), extensions: lines[3...].dropLast().map(String.init))
    }

    /// The note's text, which ends in a line feed.
    public var text: String {
        ([origin, String(tree.size), Base64.encode(tree.rootHash.bytes)] + extensions).map { "\($0)\n" }.joined()
    }

    /// The checkpoint in a note signed by one of `keys`, whose names are origins.
    ///
    /// - Throws: ``TransparencyError`` `malformed`, `notSigned`, `badSignature`.
    public init(_ note: SignedNote, trusting keys: [VerifierKey]) throws {
        let checkpoint = try Checkpoint(text: note.text)
        try note.verified(by: keys.filter { $0.name == checkpoint.origin && $0.algorithm == .ed25519 })
        self = checkpoint
    }
}
