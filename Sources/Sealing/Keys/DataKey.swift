import Crypto
import EventStore

/// A data key in clear, with its name and the stream it is for.
struct DataKey: Sendable {
    let id: String
    let stream: StreamID
    let key: SymmetricKey

    private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".utf8)

    /// Longest id that is taken from outside; ours have 16 characters, 96 bits in base64url without padding.
    static let idLimit = 64

    /// A new key for `stream`. Its id is random and not counted up, so that it is not given again after an older file was restored.
    static func make(for stream: StreamID, random: () -> UInt64) -> DataKey {
        let id = String(
            decoding: [random(), random()].flatMap { word in (0..<8).map { alphabet[Int(word >> (6 * UInt64($0)) & 63)] } },
            as: UTF8.self
        )
        let key = withUnsafeBytes(of: (random(), random(), random(), random())) { SymmetricKey(data: $0) }
        return DataKey(id: id, stream: stream, key: key)
    }
}
