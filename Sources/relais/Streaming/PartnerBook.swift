import Foundation
import NotificationChannels
import Web

/// The policy for partners with their secrets, as a file names them: `PartnerPolicy` says what may be in it.
///
/// A `secretFile` holds one secret a line, as `whsec_…` (Standard Webhooks 1.0.0): two while one takes the other's place.
struct PartnerBook: Sendable {
    let policy: PartnerPolicy
    private let secrets: [String: [WebhookSecret]]

    /// Nobody.
    init() {
        policy = PartnerPolicy()
        secrets = [:]
    }

    /// - Throws: `Failure` naming what cannot be read, before anything is served.
    init(file path: String) throws {
        guard let data = FileManager.default.contents(atPath: path) else { throw Failure(.usage, "\(path) cannot be read") }
        do {
            policy = try PartnerPolicy(json: Array(data))
        } catch {
            throw Failure(.usage, "\(path): \(error)")
        }
        let folder = URL(fileURLWithPath: path).deletingLastPathComponent()
        var secrets: [String: [WebhookSecret]] = [:]
        for partner in policy.partners {
            guard let name = partner.secretFile else { continue }
            let file = URL(fileURLWithPath: name, relativeTo: folder).path
            let lines = try NotificationSettings.secret(inFile: file, of: "\(path): partner \(partner.id)")
                .split(whereSeparator: \.isWhitespace)
            let found = lines.compactMap { WebhookSecret(String($0)) }
            guard found.count == lines.count, !found.isEmpty else {
                throw Failure(.usage, "\(file) must hold a secret a line: whsec_ and base64 of 24 to 64 bytes")
            }
            secrets[partner.id] = found
        }
        self.secrets = secrets
    }

    /// Those who have topics in a territory.
    func ids(in territory: String) -> [String] { policy.partners(of: territory).map(\.id) }

    /// What those who may send in a territory may ask for.
    func rights(in territory: String) -> [PartnerRights] {
        policy.partners(of: territory).filter(\.sends).map { partner in
            guard let secrets = secrets[partner.id] else { return PartnerRights(partner, verify: nil) }
            return PartnerRights(partner) { signature, value in
                secrets.contains { $0.verifies(signature.signatures, id: signature.id, timestamp: signature.timestamp, body: value) }
            }
        }
    }
}
