import Crypto

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Reads the records of a tail, in bounded memory, and checks the hash over them at the end.
final class TailReader {
    private static let blockLength = 1 << 20

    private let descriptor: Int32
    private var hasher = SHA256()
    private var block: [UInt8] = []
    private var offset = 0
    private var count: Int64 = 0

    init(_ path: String) throws {
        descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            throw EventStoreError(.notALog, "The file of a log's tail cannot be opened (errno \(errno)): check its path.")
        }
        guard try bytes(TailFormat.magic.count) == TailFormat.magic else { throw TailFormat.damaged }
    }

    deinit { close(descriptor) }

    /// The next record; nil at the end, once all was found to be whole.
    func next() throws -> (kind: TailFormat.Kind, fields: TailFormat.Fields)? {
        let length = Int(try bytes(4).reduce(UInt32(0)) { $0 << 8 | UInt32($1) })
        guard 1...TailFormat.recordLimit ~= length else { throw TailFormat.damaged }
        let record = try bytes(length)
        guard let kind = TailFormat.Kind(rawValue: record[0]) else { throw TailFormat.damaged }
        var fields = TailFormat.Fields(record.dropFirst())
        guard kind == .end else {
            count += 1
            return (kind, fields)
        }
        guard try fields.integer() == count, fields.isAtEnd else { throw TailFormat.damaged }
        let hash = Hash256(hasher.finalize())
        guard try bytes(Hash256.byteCount) == hash.bytes, try read() == 0, offset == block.count else { throw TailFormat.damaged }
        return nil
    }

    private func bytes(_ wanted: Int) throws -> [UInt8] {
        while block.count - offset < wanted {
            guard try read() > 0 else { throw TailFormat.damaged }
        }
        defer { offset += wanted }
        let bytes = Array(block[offset..<offset + wanted])
        hasher.update(data: bytes)
        return bytes
    }

    /// How many bytes more there are.
    private func read() throws -> Int {
        block.removeFirst(offset)
        offset = 0
        let before = block.count
        var failed = false
        block += [UInt8](unsafeUninitializedCapacity: Self.blockLength) { buffer, initialized in
            var step = -1
            repeat {
                #if canImport(Glibc)
                    step = Glibc.read(descriptor, buffer.baseAddress, buffer.count)
                #else
                    step = Darwin.read(descriptor, buffer.baseAddress, buffer.count)
                #endif
            } while step < 0 && errno == EINTR
            failed = step < 0
            initialized = max(0, step)
        }
        if failed { throw DurableFile.failure("be read") }
        return block.count - before
    }
}
