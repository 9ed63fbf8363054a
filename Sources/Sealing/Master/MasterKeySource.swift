public import Foundation

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Where the master key is kept. Never in the data directory's database files, so that a copy of those opens nothing.
public enum MasterKeySource: Sendable, Hashable {
    /// The path of a file that only its owner may read.
    case file(String)
    /// The name of an environment variable, as text.
    case environment(String)
    /// A command for `/bin/sh` whose standard output is the key: how an HSM or a vault is asked.
    case command(String)

    /// Bytes that a key may take in its longest form, with white space around it.
    static let sizeLimit = 4096

    /// Gets the key: 64 hexadecimal digits or base64 as text, or 32 raw bytes.
    ///
    /// Blocks for as long as the command takes, no longer than `limit`.
    ///
    /// - Parameters:
    ///   - environment: where variables are looked up.
    ///   - limit: how long a command may take before it is killed.
    /// - Throws: ``SealingError`` `masterKeyUnavailable` or `invalidMasterKey`. For a command, its exit status and what it
    ///   wrote to standard error are told, never its text nor its output.
    public func load(
        environment: [String: String] = ProcessInfo.processInfo.environment,
        limit: Duration = .seconds(30)
    ) throws -> MasterKey {
        switch self {
        case .file(let path):
            return try MasterKey(stored: Self.contents(of: path))
        case .environment(let name):
            guard let text = environment[name], !text.isEmpty else {
                throw SealingError(.masterKeyUnavailable, "The environment variable \(name) is not set: it should hold the master key.")
            }
            return try MasterKey(stored: Array(text.utf8))
        case .command(let command):
            return try MasterKey(stored: MasterKeyCommand(text: command, limit: limit).output())
        }
    }

    private static func contents(of path: String) throws -> [UInt8] {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else {
            throw SealingError(.masterKeyUnavailable, "The master key file \(path) cannot be opened (errno \(errno)).")
        }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            throw SealingError(.masterKeyUnavailable, "The master key file \(path) is not a regular file.")
        }
        guard status.st_mode & 0o077 == 0 else {
            throw SealingError(.masterKeyUnavailable, "Others than its owner may use the master key file \(path): chmod 600 it.")
        }
        var bytes = [UInt8](repeating: 0, count: sizeLimit + 1)
        let count = read(descriptor, &bytes, bytes.count)
        guard count >= 0 else {
            throw SealingError(.masterKeyUnavailable, "The master key file \(path) cannot be read (errno \(errno)).")
        }
        guard count <= sizeLimit else {
            throw SealingError(.invalidMasterKey, "The master key file \(path) has more than \(sizeLimit) bytes: it is no key.")
        }
        return Array(bytes.prefix(count))
    }
}
