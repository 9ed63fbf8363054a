public import EventStore
import Foundation

/// A folder that proves, offline and without this software, what a log holds of some events (`schemas/log.md`).
///
/// | file | content |
/// |---|---|
/// | `checkpoint`, `key.vkey` | the log's state, signed, and the key that signed it |
/// | `events/000001.json` … | each event: envelope, entry, leaf, path to the root, payload as stored and in clear |
/// | `LISEZMOI.html` | what this proves and how to check it |
/// | `verify.py` | checks it all with Python's standard library |
/// | `MANIFEST` | SHA-256 of each file, signed by the log's key |
///
/// A sealed payload is proven as stored. That the clear text is what was sealed is proven only if its data key is in the
/// bundle: who gets the bundle can then read what else they have that was sealed under it.
public enum AuditBundle {
    /// An event to be proven.
    public struct Item: Sendable {
        public var event: RecordedEvent
        /// In the tree of the bundle's checkpoint.
        public var proof: InclusionProof
        /// The payload opened; nil = erased.
        public var clear: [UInt8]?

        public init(event: RecordedEvent, proof: InclusionProof, clear: [UInt8]?) {
            self.event = event
            self.proof = proof
            self.clear = clear
        }
    }

    static let manifest = "MANIFEST"
    static let format = "relais-audit-bundle/v1"

    /// Writes a bundle.
    ///
    /// - Parameters:
    ///   - folder: must not exist, or be empty.
    ///   - checkpoint: signed by `key`; the items' proofs are for its tree.
    ///   - logIdentity: the territory's name in the leaves.
    ///   - key: of the log: signs the manifest.
    ///   - dataKey: gives the 32 bytes of a data key that is to be in the bundle; nil leaves it out.
    /// - Throws: ``TransparencyError`` `inconsistent` if an item's proof is not for the checkpoint, `storageUnavailable`.
    public static func write(
        to folder: String,
        items: [Item],
        checkpoint: CheckpointStore.Issued,
        logIdentity: String,
        key: LogKey,
        dataKey: (_ keyID: String) throws -> [UInt8]? = { _ in nil }
    ) throws {
        let directory = URL(fileURLWithPath: folder, isDirectory: true)
        guard (try? FileManager.default.contentsOfDirectory(atPath: folder))?.isEmpty ?? true else {
            throw TransparencyError(.storageUnavailable, "The bundle's folder is not empty: name a new one.")
        }
        var files: [(path: String, bytes: [UInt8])] = [
            ("checkpoint", checkpoint.note.bytes),
            ("key.vkey", Array("\(key.verifierKey)\n".utf8)),
            ("LISEZMOI.html", BundledText.readme(of: checkpoint, eventCount: items.count)),
            ("verify.py", BundledText.verifier),
        ]
        for (number, item) in items.enumerated() {
            guard item.proof.tree == checkpoint.checkpoint.tree, item.proof.isValid, item.proof.position == item.event.position else {
                throw TransparencyError(
                    .inconsistent,
                    "The proof of position \(item.event.position) is not for the bundle's checkpoint: make it anew."
                )
            }
            let event = try BundledEvent(item, logIdentity: logIdentity, dataKey: item.event.keyID.flatMap { try dataKey($0) })
            files.append((BundledEvent.path(number: number + 1), try event.json))
        }
        let lines = files.sorted { $0.path < $1.path }.map { "\(Hash256.of($0.bytes).hex)  \($0.path)\n" }
        let text = "\(key.origin)/bundle\n\(format)\n\(lines.joined())"
        files.append((manifest, SignedNote(text: text, signatures: [try key.sign(text)]).bytes))
        for file in files { try ExportedFiles.write(file.bytes, to: directory.appendingPathComponent(file.path)) }
    }

    /// Checks a bundle, offline. Every changed, missing or added byte or file is found.
    ///
    /// - Parameters:
    ///   - folder: as ``write(to:items:checkpoint:logIdentity:key:dataKey:)`` made it.
    ///   - key: the log's key, known from elsewhere; the one in the folder is not trusted.
    public static func verify(folder: String, trusting key: VerifierKey) -> AuditBundleReport {
        var check = AuditBundleCheck(folder: folder, key: key)
        return check.run()
    }
}
