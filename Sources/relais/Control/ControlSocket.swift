import Foundation

/// The unix socket of a data directory. A socket's address holds 107 bytes and a directory may be deeper, so a long one is reached
/// through an open descriptor of its directory.
struct ControlSocket: Sendable {
    let path: String
    private let file: String

    init(directory: NodeDirectory) throws {
        file = directory.controlSocket
        guard file.utf8.count > 100 else {
            path = file
            return
        }
        let descriptor = open(directory.path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw Failure(.usage, "\(directory.path) cannot be opened") }
        path = "/proc/self/fd/\(descriptor)/control.sock"
    }

    /// A server that was killed leaves its socket behind. Called by the holder of the directory's lock only.
    func removeStale() throws {
        guard unlink(file) == 0 || errno == ENOENT else { throw Failure(.usage, "\(file) cannot be removed; check its rights") }
    }
}
