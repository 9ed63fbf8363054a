import ArgumentParser
import Backup
import Coordination
import EventStore
import Foundation
import Pathways
import Sealing
import Timekeeping
import Transparency

struct RestoreCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "restore",
        abstract: "Makes a data directory from a backup: verified before anything is served, erasures applied again.",
        discussion: """
            Every hash of the log is recomputed. Every erasure that the log records is applied to the keys, however old their copy is; with
            --erasures also those of a newer log. Views are made anew when the directory is served.
            """
    )

    @Argument(help: "The directory of the log's copy.") var source: String
    @OptionGroup var secrets: SecretsOptions
    @Option(help: ArgumentHelp("A newer copy of the same log, if there is one: its erasures are obeyed too.", valueName: "DIR"))
    var erasures: [String] = []
    @Option(help: ArgumentHelp("A checkpoint kept elsewhere: the copy must not be older.", valueName: "FILE"))
    var against: String?
    @Flag(help: "Restore also if keys of later events are missing: these cannot be read.") var incomplete = false
    @OptionGroup var data: DataOption
    @Flag(help: "One JSON document.") var json = false

    private struct Report: Encodable {
        let position: Int64
        let root: String
        let erasures: Int
        let erasedKeys: Int
        /// Events whose key the copy of the key store lacks.
        let unreadable: Int
        let milliseconds: Int64
    }

    func run() async throws {
        let place = BackupPlace(log: source, keys: secrets.keys)
        guard let envelope = FileManager.default.contents(atPath: place.secretsFile) else {
            throw Failure(.usage, "\(place.secretsFile) is missing; without it nothing can be read")
        }
        let files: [SecretFile]
        do {
            files = try SecretsEnvelope().open(Array(envelope), passphrase: try secrets.passphrase())
        } catch let error as SecretsEnvelopeError {
            throw Failure(.no, "\(error)")
        }
        let secretFiles = Dictionary(files.map { ($0.name, $0.bytes) }) { first, _ in first }
        var progress = ProgressLine()
        let restored: LogRestoration.Report
        do {
            restored = try LogRestoration().restore(from: place.log, to: data.node.path) { done, total in
                progress.show("verify", done, of: total)
            }
        } catch let error as EventStoreError where error.code == .corrupted {
            throw Failure(.no, "the copy is not what was backed up: \(error.message)")
        }
        progress.end()
        do {
            let (adopted, erased, unreadable) = try await complete(place, secretFiles)
            let report = Report(
                position: restored.head.position,
                root: restored.head.rootHash.hex,
                erasures: adopted,
                erasedKeys: erased,
                unreadable: unreadable,
                milliseconds: restored.milliseconds
            )
            if json { return try Console.printJSON(report) }
            print(
                "restored to \(report.position), root \(report.root), in \(report.milliseconds) ms; erasures applied again to \(report.erasedKeys) keys"
            )
            if against == nil { Console.say("note: without --against, a copy that is older than it should be is not noticed") }
            Console.say("next: relais serve --data \(data.directory)")
        } catch {
            // It was empty before: nothing half-restored stays, and the restore can be repeated.
            for name in (try? FileManager.default.contentsOfDirectory(atPath: data.node.path)) ?? [] {
                try? FileManager.default.removeItem(atPath: "\(data.node.path)/\(name)")
            }
            throw error
        }
    }

    /// Keys and secrets, the settings last, after the erasures.
    private func complete(_ place: BackupPlace, _ files: [String: [UInt8]]) async throws -> (adopted: Int, erasedKeys: Int, unreadable: Int) {
        let node = data.node
        var files = files
        guard let settings = files.removeValue(forKey: "settings.json") else { throw Failure(.no, "the secrets hold no settings: another backup's?") }
        try node.restoreSecretFiles(files)
        guard let copy = FileManager.default.contents(atPath: place.keysFile) else { throw Failure(.usage, "\(place.keysFile) is missing") }
        try node.writeDurably(copy, to: node.keysFile)
        let decoded = try JSONDecoder().decode(NodeDirectory.Settings.self, from: Data(settings))
        try checkGrowth(decoded)
        let time = TimeSource.system
        let keys = try NodeKeys.open(node, decoded, time: time)
        defer { try? keys.close() }
        let streams = StreamNames(naming: try node.streamNaming(), territory: decoded.territory)
        let log = try SQLiteEventLog.open(
            .init(directory: node.path, identity: decoded.territory, createsIfMissing: false, sealer: keys, time: time)
        )
        let ids = EventIDGenerator(time: time) { UInt64.random(in: .min ... .max) }
        let desk = ErasureDesk(coordinator: Coordinator(log: log, sealer: keys, streams: streams, time: time, ids: ids), keys: keys)
        let head = try log.head()
        let erased = try desk.finishErasures()
        var adopted = 0
        for directory in erasures { adopted += try await desk.adopt(from: try newerCopy(directory, of: head, decoded, keys)) }
        let unreadable = try Self.unreadable(log, keys)
        await log.close()
        guard unreadable == 0 || incomplete else {
            throw Failure(
                .no,
                "the copy of the keys is older than that of the log: \(unreadable) events could not be read; find the newer keys, or say --incomplete"
            )
        }
        try node.restoreSecretFiles(["settings.json": settings])
        return (adopted, erased, unreadable)
    }

    /// A copy whose erasures are to be believed: sound, of this log, and a continuation of what was restored.
    private func newerCopy(_ path: String, of head: LogHead, _ settings: NodeDirectory.Settings, _ keys: KeyVault) throws -> SQLiteEventReader {
        let copy = try SQLiteEventLog.openReadOnly(directory: NodeDirectory(naming: path).path, sealer: keys)
        guard copy.identity == settings.territory else { throw Failure(.no, "\(path) is the log of \(copy.identity), not of \(settings.territory)") }
        let report = try copy.verify(against: [head.tree])
        guard report.isSound else {
            throw Failure(.no, "\(path) is no sound continuation of the restored log: \(report.problems.first.map(String.init(describing:)) ?? "")")
        }
        return copy
    }

    /// Events sealed under keys that the key store has never held.
    private static func unreadable(_ log: SQLiteEventLog, _ keys: KeyVault) throws -> Int {
        var known: [String: Bool] = [:]
        var count = 0
        try log.forEachEvent(after: 0, through: try log.head().position) { event in
            guard let id = event.keyID else { return }
            if known.count > 100_000 { known = [:] }
            let isKnown = try known[id] ?? keys.hasHeld(id)
            known[id] = isKnown
            if !isKnown { count += 1 }
        }
        return count
    }

    /// A copy that is older than what somebody holds a checkpoint of is told before it is served.
    private func checkGrowth(_ settings: NodeDirectory.Settings) throws {
        guard let against else { return }
        let log = try SQLiteEventLog.openReadOnly(directory: data.node.path)
        let kept = try KeptCheckpoint(file: against, trusting: try data.node.logVerifierKey(settings))
        let report = try log.verify(against: [kept.tree])
        guard report.isSound else {
            throw Failure(.no, "the copy does not continue the checkpoint: \(report.problems.first.map(String.init(describing:)) ?? "")")
        }
    }
}
