import Foundation
import Sealing

/// Where a directory's master key is: the key that wraps all data keys.
///
/// From the environment variable `RELAIS_MASTER_KEY` if it is set, else from where the settings say, else from `secrets/master.key`. After
/// a rotation to a key of our own making it is in `secrets/master-ID.key`; the key store says which id it wants, so that a rotation that
/// was interrupted after its commit finds the new key by itself.
struct MasterKeyPlace {
    static let variable = "RELAIS_MASTER_KEY"

    private let directory: NodeDirectory

    init(_ directory: NodeDirectory) { self.directory = directory }

    /// - Throws: `Failure` if the settings name no place that can be understood.
    func source(_ settings: NodeDirectory.Settings) throws -> MasterKeySource {
        if ProcessInfo.processInfo.environment[Self.variable] != nil { return .environment(Self.variable) }
        guard let text = settings.masterKey else { return .file("\(directory.secrets)/master.key") }
        return try Self.source(text, relativeTo: directory)
    }

    static func source(_ text: String, relativeTo directory: NodeDirectory) throws -> MasterKeySource {
        let parts = text.split(separator: ":", maxSplits: 1).map(String.init)
        guard parts.count == 2, !parts[1].isEmpty else { throw badSource(text) }
        switch parts[0] {
        case "file": return .file(parts[1].hasPrefix("/") ? parts[1] : "\(directory.path)/\(parts[1])")
        case "environment": return .environment(parts[1])
        case "command": return .command(parts[1])
        default: throw badSource(text)
        }
    }

    private static func badSource(_ text: String) -> Failure {
        Failure(.usage, "the master key's place must be file:PATH, environment:NAME or command:COMMAND LINE")
    }

    func load(_ settings: NodeDirectory.Settings) throws -> MasterKey { try source(settings).load() }

    /// The key of this id, if a rotation that was broken off left it: where it was going, in `secrets/` under its id, or where keys begin.
    func left(by id: String, _ settings: NodeDirectory.Settings) -> MasterKey? {
        var sources: [MasterKeySource] = [.file(file(of: id)), .file("\(directory.secrets)/master.key")]
        for place in [settings.nextMasterKey, settings.masterKey].compactMap(\.self) {
            if let source = try? Self.source(place, relativeTo: directory) { sources.append(source) }
        }
        return sources.lazy.compactMap { try? $0.load() }.first { $0.id == id }
    }

    private func file(of id: String) -> String { "\(directory.secrets)/master-\(id).key" }

    /// Writes a new key where a rotation looks for it.
    /// - Returns: the key, and its place as the settings name it.
    func createNext() throws -> (key: MasterKey, place: String) {
        let key = MasterKey.generate()
        try directory.writeDurably(Data((key.base64 + "\n").utf8), to: file(of: key.id))
        return (key, "file:secrets/master-\(key.id).key")
    }

    /// Makes the key of a new directory, unless it is kept elsewhere.
    func createIfOurs(_ settings: NodeDirectory.Settings) throws {
        guard case .file(let path) = try source(settings), path.hasPrefix(directory.secrets), !FileManager.default.fileExists(atPath: path) else {
            return
        }
        try directory.writeDurably(Data((MasterKey.generate().base64 + "\n").utf8), to: path)
    }
}
