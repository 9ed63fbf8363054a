import HL7v2
import Pathways

/// The names under which the numbers of authorities are kept: one hospital, one name, however its systems write it.
struct AuthorityNames: Sendable {
    private let canonical: [String: String]

    /// - Parameter canonical: as in the site profile: what the sender writes → what is kept.
    init(_ canonical: [String: String] = [:]) { self.canonical = canonical }

    /// The universal identifier, which a rename does not touch, else the namespace; nil when neither is said.
    func name(_ authority: HD) -> String? {
        let universal = authority.universalID.text
        let namespace = authority.namespaceID.text
        if canonical.isEmpty { return universal ?? namespace }
        return universal.flatMap { canonical[$0] } ?? namespace.flatMap { canonical[$0] } ?? universal ?? namespace
    }
}
