import Crypto
import Foundation
import NotificationChannels

/// The secrets that webhooks are signed with: one an address, derived from the installation's own, so that none is kept anywhere.
struct WebhookSecrets: Sendable {
    private let key: SymmetricKey

    init(seed: [UInt8]) { key = SymmetricKey(data: seed) }

    /// As the receiver's software is given it (Standard Webhooks 1.0.0): `whsec_` and base64.
    func text(for address: String) -> String {
        let bytes = HKDF<SHA256>.deriveKey(
            inputKeyMaterial: key,
            info: Data("relais webhook \(address)".utf8),
            outputByteCount: 32
        )
        return "whsec_" + bytes.withUnsafeBytes { Data($0).base64EncodedString() }
    }

    /// Of an address that the operator allows; none for any other, so that nobody makes us call where they like.
    func secrets(for address: WebAddress, allowed: AllowedEndpoints) -> [WebhookSecret] {
        guard allowed.allows(address) else { return [] }
        return [WebhookSecret(text(for: address.text))].compactMap { $0 }
    }
}
