import EventStore
import Foundation
import Sealing

/// The two directories of a backup: the log's, and, apart from it, that of the keys.
struct BackupPlace {
    let log: String
    let keys: String

    init(log: String, keys: String) {
        self.log = NodeDirectory(naming: log).path
        self.keys = NodeDirectory(naming: keys).path
    }

    var checkpointFile: String { "\(log)/checkpoint" }
    var keysFile: String { "\(keys)/keys.sqlite" }
    var secretsFile: String { "\(keys)/secrets.sealed" }

    /// Refuses places where a copy would harm what is there: a data directory, each other, or the copy of another territory.
    ///
    /// - Parameter origin: what tells this territory's log from every other: its verifier key.
    func prepare(for origin: String) throws {
        try FileManager.default.createDirectory(atPath: keys, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        let (logPath, keysPath) = (Self.resolved(log), Self.resolved(keys))
        guard !"\(keysPath)/".hasPrefix("\(logPath)/"), !"\(logPath)/".hasPrefix("\(keysPath)/") else {
            throw Failure(.usage, "keys and log go to directories apart from each other: who finds both needs no key")
        }
        for place in [log, keys] where FileManager.default.fileExists(atPath: "\(place)/settings.json") {
            throw Failure(.usage, "\(place) is a data directory; a backup goes elsewhere")
        }
        if let found = FileManager.default.contents(atPath: originFile), found != Data("\(origin)\n".utf8) {
            throw Failure(.no, "\(keys) holds the keys of another territory; nothing was overwritten")
        }
        try write(Array("\(origin)\n".utf8), to: originFile)
    }

    /// Whose keys these are.
    private var originFile: String { "\(keys)/origin" }

    private static func resolved(_ path: String) -> String { URL(fileURLWithPath: path).resolvingSymlinksInPath().path }

    /// Copies the key store, checked, under another name first: a backup that dies leaves the copy before.
    /// - Returns: how many keys can be read with it.
    func replaceKeys(with vault: KeyVault) throws -> Int {
        let next = "\(keysFile).next"
        try? FileManager.default.removeItem(atPath: next)
        let report = try vault.backUp(to: next)
        guard rename(next, keysFile) == 0 else { throw Failure(.storage, "\(keysFile) cannot be replaced (errno \(errno))") }
        return report.liveKeys
    }

    /// Replaces a file with a durable one that only its owner reads.
    func write(_ bytes: [UInt8], to path: String) throws {
        try NodeDirectory(naming: (path as NSString).deletingLastPathComponent).writeDurably(Data(bytes), to: path)
    }
}
