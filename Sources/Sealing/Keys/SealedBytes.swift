import Crypto
import Foundation

/// AES-256-GCM over byte arrays: 12 bytes of nonce, the ciphertext, 16 bytes of tag.
enum SealedBytes {
    static let overhead = 28

    private static let nonceLength = 12

    /// - Parameter random: gives the nonce; see the README for why 96 random bits do.
    static func seal(
        _ plaintext: [UInt8],
        under key: SymmetricKey,
        random: () -> UInt64,
        authenticating associatedData: [UInt8]
    ) throws -> [UInt8] {
        // Up to 14 bytes a Data is held inline.
        let nonce = withUnsafeBytes(of: (random(), random())) { Data($0.prefix(nonceLength)) }
        let box = try AES.GCM.seal(plaintext, using: key, nonce: AES.GCM.Nonce(data: nonce), authenticating: associatedData)
        guard let combined = box.combined else {
            throw SealingError(.notSealed, "The cipher gave a nonce of another length than \(nonceLength) bytes.")
        }
        return Array(combined)
    }

    /// - Throws: what the cipher says if bytes, key and associated data do not belong together.
    static func open(
        _ sealed: [UInt8],
        under key: SymmetricKey,
        authenticating associatedData: [UInt8]
    ) throws -> [UInt8] {
        Array(try AES.GCM.open(AES.GCM.SealedBox(combined: sealed), using: key, authenticating: associatedData))
    }
}
