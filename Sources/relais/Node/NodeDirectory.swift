import Crypto
import EventStore
import Foundation
import Pathways
import Sealing
import Transparency

/// The data directory of one territory (architecture, « Files on disk »).
struct NodeDirectory: Sendable {
    /// Absolute.
    let path: String

    /// - Parameter text: as somebody writes it; `~` is their home.
    init(naming text: String) {
        path = URL(fileURLWithPath: (text as NSString).expandingTildeInPath).standardizedFileURL.path
    }

    var log: String { "\(path)/log.sqlite" }
    var reactors: String { "\(path)/reactors.sqlite" }
    var keysFile: String { "\(path)/keys.sqlite" }
    var proofs: String { "\(path)/proofs.sqlite" }
    var witness: String { "\(path)/witness.sqlite" }
    var witnessedLogs: String { "\(path)/witnessed-logs" }
    var controlSocket: String { "\(path)/control.sock" }
    var secrets: String { "\(path)/secrets" }
    private var territoryKey: String { "\(secrets)/territory.key" }
    private var logKey: String { "\(secrets)/log.key" }
    private var witnessKey: String { "\(secrets)/witness.key" }
    private var webhookKey: String { "\(secrets)/webhook.key" }
    var settingsFile: String { "\(path)/settings.json" }

    var isInitialised: Bool { FileManager.default.fileExists(atPath: settingsFile) }

    /// What is decided once, when the directory is made.
    struct Settings: Codable, Sendable {
        /// The territory's id: the identity of the log.
        let territory: String
        let environment: String
        /// Where the master key comes from: `file:PATH`, `environment:NAME` or `command:COMMAND LINE`; nil = ``MasterKeyPlace``'s own file.
        var masterKey: String?
        /// Where it will be once a rotation that has begun is done; what is wrapped under it already is opened with it.
        var nextMasterKey: String?
    }

    /// - Throws: `Failure` if the directory was not made by `relais init`.
    func settings() throws -> Settings {
        guard let data = FileManager.default.contents(atPath: settingsFile) else {
            throw Failure(.usage, "\(path) is no data directory of Relais; make one with: relais init --data \(path)")
        }
        do {
            return try JSONDecoder().decode(Settings.self, from: data)
        } catch {
            throw Failure(.usage, "\(settingsFile) cannot be read; restore it from a backup")
        }
    }

    func environment() throws -> DeploymentEnvironment {
        guard let environment = DeploymentEnvironment(rawValue: try settings().environment) else {
            throw Failure(.usage, "\(settingsFile) names an environment other than test and production")
        }
        return environment
    }

    /// Whether its log is written here, or copies one that is written elsewhere. A directory without a log is one to write in.
    ///
    /// - Throws: `EventStoreError` if the log cannot be read.
    func role() throws -> LogRole {
        do {
            let reader = try SQLiteEventLog.openReadOnly(directory: path)
            defer { reader.close() }
            return try reader.role()
        } catch EventStoreError.Code.notALog {
            return .writer
        }
    }

    /// The key under which stream ids are computed. Losing it loses the way from a visit number to its pathway.
    func streamNaming() throws -> StreamNaming {
        guard let key = FileManager.default.contents(atPath: territoryKey), key.count == 32 else {
            throw Failure(.usage, "\(territoryKey) is missing or not 32 bytes; restore it from a backup")
        }
        return StreamNaming(key: SymmetricKey(data: key))
    }

    /// The seed of the Ed25519 key that signs checkpoints. Losing it loses the right to sign in this log's name.
    func logKeySeed() throws -> [UInt8] { try seed(logKey) }

    /// By which checkpoints of this log are believed.
    func logVerifierKey(_ settings: Settings) throws -> VerifierKey {
        try LogKey(origin: NodeProofs.originPrefix + settings.territory, seed: try logKeySeed()).verifierKey
    }

    /// The seed of the Ed25519 key that co-signs neighbours' checkpoints.
    func witnessKeySeed() throws -> [UInt8] { try seed(witnessKey) }

    /// What the secrets of webhooks are derived from. Made when it is missing, in a directory of before there were any.
    ///
    /// - Throws: `Failure` if it is damaged, or cannot be made.
    func webhookSeed() throws -> [UInt8] {
        if !FileManager.default.fileExists(atPath: webhookKey) {
            try writeDurably(SymmetricKey(size: .bits256).withUnsafeBytes { Data($0) }, to: webhookKey)
        }
        return try seed(webhookKey)
    }

    private func seed(_ file: String) throws -> [UInt8] {
        guard let seed = FileManager.default.contents(atPath: file), seed.count == 32 else {
            throw Failure(.usage, "\(file) is missing or not 32 bytes; restore it from a backup")
        }
        return Array(seed)
    }

    /// The files of `secrets/` and the settings, by their names in the directory: what a backup must keep beside log and keys.
    func secretFiles() throws -> [String: [UInt8]] {
        var files: [String: [UInt8]] = [:]
        for name in try FileManager.default.contentsOfDirectory(atPath: secrets).sorted() where !name.hasSuffix(".new") {
            files["secrets/\(name)"] = FileManager.default.contents(atPath: "\(secrets)/\(name)").map(Array.init)
        }
        files["settings.json"] = FileManager.default.contents(atPath: settingsFile).map(Array.init)
        return files
    }

    /// Puts back what ``secretFiles()`` gave, the settings last.
    func restoreSecretFiles(_ files: [String: [UInt8]]) throws {
        let ownerOnly: [FileAttributeKey: Any] = [.posixPermissions: 0o700]
        try FileManager.default.createDirectory(atPath: secrets, withIntermediateDirectories: true, attributes: ownerOnly)
        for (name, bytes) in files.sorted(by: { $0.key < $1.key }) {
            // The names come from a file: none may lead out of the directory.
            guard name == "settings.json" || name.hasPrefix("secrets/"), !name.contains(".."), name.split(separator: "/").count <= 2 else {
                throw Failure(.no, "the secrets of the backup name a file outside of the directory: \(name)")
            }
            try writeDurably(Data(bytes), to: "\(path)/\(name)")
        }
    }

    func save(_ settings: Settings) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
        try writeDurably(try encoder.encode(settings), to: settingsFile)
    }

    /// Makes the directory and its secrets, readable by their owner only. The settings come last: a directory whose making was
    /// interrupted is not taken for one.
    /// - Throws: `Failure` if it was made before.
    func create(_ settings: Settings) throws {
        guard !isInitialised else { throw Failure(.no, "\(path) is a data directory already; nothing was changed") }
        guard !FileManager.default.fileExists(atPath: log) else {
            throw Failure(.no, "\(path) holds a log without its settings, as a restore that was broken off leaves it; remove it, restore again")
        }
        let ownerOnly: [FileAttributeKey: Any] = [.posixPermissions: 0o700]
        do {
            try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true, attributes: ownerOnly)
            try FileManager.default.createDirectory(atPath: secrets, withIntermediateDirectories: true, attributes: ownerOnly)
            for key in [territoryKey, logKey, witnessKey, webhookKey] where !FileManager.default.fileExists(atPath: key) {
                try writeDurably(SymmetricKey(size: .bits256).withUnsafeBytes { Data($0) }, to: key)
            }
            try MasterKeyPlace(self).createIfOurs(settings)
            try save(settings)
        } catch let error as CocoaError {
            throw Failure(.usage, "\(path) cannot be written: \(error.localizedDescription)")
        }
    }

    func writeDurably(_ data: Data, to file: String) throws {
        let temporary = "\(file).new"
        guard FileManager.default.createFile(atPath: temporary, contents: nil, attributes: [.posixPermissions: 0o600]),
            let handle = FileHandle(forWritingAtPath: temporary)
        else { throw Failure(.usage, "\(file) cannot be written; check the rights and the space of the directory") }
        try handle.write(contentsOf: data)
        try handle.synchronize()
        try handle.close()
        guard rename(temporary, file) == 0 else { throw Failure(.usage, "\(file) cannot be written") }
    }
}
