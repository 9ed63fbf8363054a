import ArgumentParser
import Backup
import Coordination
import EventStore
import Foundation
import Sealing
import Timekeeping
import Transparency

struct BackupCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "backup",
        abstract: "Brings a copy up to the log's end, beside a running server or without one.",
        discussion: """
            The log goes first, then the keys, into another directory: keep them apart. The first backup copies everything, the next ones
            what is new. Data keys stay wrapped under the master key, and the secrets (master key file, territory key, log key, settings)
            are sealed under the passphrase. The copy of the keys is replaced each time, so that no old one outlives an erasure.
            """
    )

    @Argument(help: "The directory of the log's copy; made if it is missing.") var destination: String
    @OptionGroup var secrets: SecretsOptions
    @Flag(help: "Recompute every hash of the copy, not only of what was added.") var full = false
    @OptionGroup var data: DataOption
    @Flag(help: "One JSON document.") var json = false

    private struct Report: Encodable {
        let position: Int64
        let root: String
        let copied: Int64
        let bytes: Int64
        let milliseconds: Int64
        let keys: Int
    }

    func run() async throws {
        let settings = try data.node.settings()
        let passphrase = try secrets.passphrase()
        let place = BackupPlace(log: destination, keys: secrets.keys)
        // All that can be refused is refused before anything is replaced.
        let vault = try NodeKeys.openReadOnly(data.node, settings)
        let sealed = try SecretsEnvelope().seal(try secretFiles(settings), passphrase: passphrase)
        try place.prepare(for: "\(try data.node.logVerifierKey(settings))")
        var progress = ProgressLine()
        let copied = try LogBackup(of: data.node.path).backUp(to: place.log, verify: full ? .everything : .added) { done, total in
            progress.show("backup", done, of: total)
        }
        progress.end()
        // After the log: every key of the copied events is there, since a key is durable before what it seals.
        // The secrets before the keys: they hold the master keys of both the copy before and the next one.
        try place.write(sealed, to: place.secretsFile)
        let keys = try place.replaceKeys(with: vault)
        try writeCheckpoint(of: copied.head, to: place)
        let report = Report(
            position: copied.head.position,
            root: copied.head.rootHash.hex,
            copied: copied.addedEvents,
            bytes: copied.addedBytes,
            milliseconds: copied.milliseconds,
            keys: keys
        )
        if json { return try Console.printJSON(report) }
        print("\(report.copied) events copied in \(report.milliseconds) ms; the copy ends at \(report.position), root \(report.root); \(keys) keys")
    }

    /// - Throws: `Failure` if one of them is missing: a backup without it could not be restored.
    private func secretFiles(_ settings: NodeDirectory.Settings) throws -> [SecretFile] {
        _ = try data.node.streamNaming()
        _ = try data.node.logKeySeed()
        _ = try data.node.witnessKeySeed()
        let files = try data.node.secretFiles()
        if case .file(let path) = try MasterKeyPlace(data.node).source(settings), path.hasPrefix("\(data.node.path)/") {
            guard files.keys.contains(String(path.dropFirst(data.node.path.utf8.count + 1))) else {
                throw Failure(.usage, "\(path) is in the data directory but not directly in secrets/, where a backup looks: move it")
            }
        }
        return files.map { SecretFile(name: $0.key, bytes: $0.value) }.sorted { $0.name < $1.name }
    }

    /// A signed checkpoint of exactly what was copied: what a restored log is later held against.
    private func writeCheckpoint(of head: LogHead, to place: BackupPlace) throws {
        let log = try SQLiteEventLog.openReadOnly(directory: data.node.path)
        let proofs = try NodeProofs(data.node, log: log)
        let tree = TreeHead(size: head.position, rootHash: head.rootHash)
        let text = Checkpoint(origin: proofs.key.origin, tree: tree).text
        try place.write(SignedNote(text: text, signatures: [try proofs.key.sign(text)]).bytes, to: place.checkpointFile)
    }
}

/// Where the keys go, and under what they are sealed.
struct SecretsOptions: ParsableArguments {
    @Option(help: ArgumentHelp("The directory of the keys: another one than the log's, on another disk.", valueName: "DIR")) var keys: String
    @Option(help: ArgumentHelp("A file whose first line seals the secrets, at least 12 characters.", valueName: "FILE")) var passphraseFile: String

    func passphrase() throws -> String {
        guard let data = FileManager.default.contents(atPath: passphraseFile) else { throw Failure(.usage, "\(passphraseFile) cannot be read") }
        return String(decoding: data, as: UTF8.self).split(whereSeparator: \.isNewline).first.map(String.init) ?? ""
    }
}
