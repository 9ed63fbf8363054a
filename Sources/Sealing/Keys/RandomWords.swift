import Synchronization

#if canImport(Glibc)
    import Glibc
#endif

/// Words from the system's cryptographic random source, fetched many at a time: asking the kernel for each nonce would cost
/// as much as the cipher.
final class RandomWords: Sendable {
    private let words = Mutex<[UInt64]>([])

    /// 256 bytes: as many as the kernel gives at once without fail.
    private static let count = 32

    func next() -> UInt64 {
        words.withLock { words in
            if words.isEmpty { words = Self.fetch() }
            let last = words.count - 1
            let word = words[last]
            // What was part of a key does not stay behind.
            words[last] = 0
            words.removeLast()
            return word
        }
    }

    private static func fetch() -> [UInt64] {
        #if canImport(Glibc)
            var words = [UInt64](repeating: 0, count: count)
            let result = words.withUnsafeMutableBytes { bytes in
                bytes.baseAddress.map { getentropy($0, bytes.count) } ?? -1
            }
            if result == 0 { return words }
        #endif
        var system = SystemRandomNumberGenerator()
        return (0..<count).map { _ in system.next() }
    }
}
