import Crypto
import EventStore
import Foundation
import Pathways

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
    var controlSocket: String { "\(path)/control.sock" }
    private var secrets: String { "\(path)/secrets" }
    private var territoryKey: String { "\(secrets)/territory.key" }
    private var settingsFile: String { "\(path)/settings.json" }

    var isInitialised: Bool { FileManager.default.fileExists(atPath: settingsFile) }

    /// What is decided once, when the directory is made.
    struct Settings: Codable, Sendable {
        /// The territory's id: the identity of the log.
        let territory: String
        let environment: String
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

    /// The key under which stream ids are computed. Losing it loses the way from a visit number to its pathway.
    func streamNaming() throws -> StreamNaming {
        guard let key = FileManager.default.contents(atPath: territoryKey), key.count == 32 else {
            throw Failure(.usage, "\(territoryKey) is missing or not 32 bytes; restore it from a backup")
        }
        return StreamNaming(key: SymmetricKey(data: key))
    }

    /// Makes the directory and its secrets, readable by their owner only. The settings come last: a directory whose making was
    /// interrupted is not taken for one.
    /// - Throws: `Failure` if it was made before.
    func create(_ settings: Settings) throws {
        guard !isInitialised else { throw Failure(.no, "\(path) is a data directory already; nothing was changed") }
        let ownerOnly: [FileAttributeKey: Any] = [.posixPermissions: 0o700]
        do {
            try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true, attributes: ownerOnly)
            try FileManager.default.createDirectory(atPath: secrets, withIntermediateDirectories: true, attributes: ownerOnly)
            if !FileManager.default.fileExists(atPath: territoryKey) {
                try writeDurably(SymmetricKey(size: .bits256).withUnsafeBytes { Data($0) }, to: territoryKey)
            }
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
            try writeDurably(try encoder.encode(settings), to: settingsFile)
        } catch let error as CocoaError {
            throw Failure(.usage, "\(path) cannot be written: \(error.localizedDescription)")
        }
    }

    private func writeDurably(_ data: Data, to file: String) throws {
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
