import Foundation
import TestSupport

extension TemporaryDirectory {
    var keys: String { "\(path)/keys.sqlite" }

    /// The key store's files as they are now, as after a crash: in a directory of their own.
    func copyOfKeys() throws -> TemporaryDirectory {
        let copy = try TemporaryDirectory()
        for name in ["keys.sqlite", "keys.sqlite-wal"] where FileManager.default.fileExists(atPath: "\(path)/\(name)") {
            try FileManager.default.copyItem(atPath: "\(path)/\(name)", toPath: "\(copy.path)/\(name)")
        }
        return copy
    }

    /// All bytes of the key store's files, side files included.
    func bytesOfKeys() throws -> Data {
        var bytes = Data()
        for suffix in ["", "-wal", "-shm", "-journal"] {
            if let part = FileManager.default.contents(atPath: keys + suffix) { bytes += part }
        }
        return bytes
    }

    /// Which of `needles`, of 8 bytes or more each, the key store's files contain.
    func found(_ needles: some Collection<Data>) throws -> Set<Data> {
        func start(_ bytes: UnsafeRawBufferPointer, _ offset: Int) -> UInt64 { bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self) }
        let byStart = Dictionary(grouping: needles) { needle in needle.withUnsafeBytes { start($0, 0) } }
        return try bytesOfKeys().withUnsafeBytes { bytes in
            var found: Set<Data> = []
            for offset in 0...max(0, bytes.count - 8) {
                for needle in byStart[start(bytes, offset)] ?? [] where bytes.dropFirst(offset).starts(with: needle) { found.insert(needle) }
            }
            return found
        }
    }

    func write(_ text: String, to name: String, mode: Int = 0o600) throws -> String {
        try write(Data(text.utf8), to: name, mode: mode)
    }

    func write(_ data: Data, to name: String, mode: Int = 0o600) throws -> String {
        let file = "\(path)/\(name)"
        try data.write(to: URL(fileURLWithPath: file))
        try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: file)
        return file
    }

    func mode(of name: String) throws -> Int? {
        try FileManager.default.attributesOfItem(atPath: "\(path)/\(name)")[.posixPermissions] as? Int
    }
}
