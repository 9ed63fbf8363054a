import Crypto
import EventStore

/// Wraps data keys under a master key: AES-256-GCM, bound to the key's id, its stream and the log.
struct KeyWrapping: Sendable {
    let logIdentity: String

    /// nonce, key, tag.
    static let wrappedLength = 60

    func wrap(_ key: DataKey, under master: MasterKey, random: () -> UInt64) throws -> [UInt8] {
        let bytes = key.key.withUnsafeBytes { Array($0) }
        return try SealedBytes.seal(bytes, under: master.key, random: random, authenticating: binding(key.id, key.stream))
    }

    /// - Throws: ``SealingError`` `notAuthentic`.
    func unwrap(_ wrapped: [UInt8], id: String, stream: StreamID, under master: MasterKey) throws -> DataKey {
        do {
            let bytes = try SealedBytes.open(wrapped, under: master.key, authenticating: binding(id, stream))
            return DataKey(id: id, stream: stream, key: SymmetricKey(data: bytes))
        } catch {
            throw SealingError(
                .notAuthentic,
                """
                The stored key \(id) does not unwrap under \(master): its row was changed, and its stream can neither be read nor written. \
                Restore keys.sqlite from a backup (relais restore); relais verify names all such keys.
                """,
                keyID: id
            )
        }
    }

    /// Each part but the last has its length before it, so that no two triples give the same bytes.
    private func binding(_ id: String, _ stream: StreamID) -> [UInt8] {
        var bytes = Array("relais data key\0".utf8)
        bytes.append(UInt8(clamping: id.utf8.count))
        bytes += Array(id.utf8)
        bytes += stream.bytes
        bytes += Array(logIdentity.utf8)
        return bytes
    }
}
