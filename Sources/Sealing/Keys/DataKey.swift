import Crypto
import EventStore
import Foundation

/// A data key in clear, with its name and the stream it is for.
struct DataKey: Sendable {
    let id: String
    let stream: StreamID
    let key: SymmetricKey

    /// Longest id that is taken from outside; ours have 16 characters, 96 bits in base64url without padding.
    static let idLimit = 64

    /// A new key for `stream`. Its id is random and not counted up, so that it is not given again after an older file was restored.
    static func make(for stream: StreamID, random: () -> UInt64) -> DataKey {
        let name = withUnsafeBytes(of: (random(), random())) { Data($0.prefix(12)) }
        let id = name.base64EncodedString().replacingOccurrences(of: "+", with: "-").replacingOccurrences(of: "/", with: "_")
        let key = withUnsafeBytes(of: (random(), random(), random(), random())) { SymmetricKey(data: $0) }
        return DataKey(id: id, stream: stream, key: key)
    }
}
