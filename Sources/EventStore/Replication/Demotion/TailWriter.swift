import Crypto

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Writes a tail under another name and gives it its own once it is durable: a file that is not whole is never found under it.
final class TailWriter {
    private static let blockLength = 1 << 20

    private let path: String
    private let descriptor: Int32
    private var hasher = SHA256()
    private var block: [UInt8] = []
    private var count: Int64 = 0

    private var partial: String { Self.partial(path) }

    init(_ path: String, head: TailFormat.Head) throws {
        self.path = path
        // What an interrupted run left.
        try DurableFile.remove(Self.partial(path))
        descriptor = open(Self.partial(path), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw DurableFile.failure("be created") }
        try write(TailFormat.magic)
        try append(TailFormat.record(head))
    }

    deinit { close(descriptor) }

    private static func partial(_ path: String) -> String { "\(path).partial" }

    func append(_ record: TailFormat.Record) throws {
        guard record.bytes.count <= TailFormat.recordLimit else {
            throw EventStoreError(.invalidRequest, "A record of the log's tail has \(record.bytes.count) bytes: more than can be read back.")
        }
        try withUnsafeBytes(of: UInt32(record.bytes.count).bigEndian) { try write(Array($0)) }
        try write(record.bytes)
        count += 1
    }

    func finish() throws {
        var end = TailFormat.Record(.end)
        end.append(count)
        try append(end)
        hasher.update(data: block)
        block += Hash256(hasher.finalize()).bytes
        try flush()
        guard fsync(descriptor) == 0 else { throw DurableFile.failure("be synced") }
        try DurableFile.rename(partial, to: path)
        try DurableFile.sync(path.lastIndex(of: "/").map { String(path[...$0]) } ?? ".")
    }

    private func write(_ bytes: [UInt8]) throws {
        block += bytes
        guard block.count >= Self.blockLength else { return }
        hasher.update(data: block)
        try flush()
    }

    private func flush() throws {
        try block.withUnsafeBytes { bytes in
            var written = 0
            while written < bytes.count {
                #if canImport(Glibc)
                    let step = Glibc.write(descriptor, bytes.baseAddress?.advanced(by: written), bytes.count - written)
                #else
                    let step = Darwin.write(descriptor, bytes.baseAddress?.advanced(by: written), bytes.count - written)
                #endif
                if step < 0, errno == EINTR { continue }
                guard step > 0 else { throw DurableFile.failure("be written") }
                written += step
            }
        }
        block.removeAll(keepingCapacity: true)
    }
}
