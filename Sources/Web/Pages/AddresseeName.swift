import Pathways

/// What a screen calls somebody, or a team, that is asked.
enum AddresseeName {
    /// - Parameters:
    ///   - raw: as in events.
    ///   - professional: what the directory calls somebody; nil if it does not hold them.
    static func of(_ raw: String, in territory: Territory?, professional: (String) -> String?) -> String {
        switch Addressee(rawValue: raw) {
        case .professional(let rpps): professional(rpps) ?? "RPPS \(rpps)"
        case .team(let id): territory?.teams.first { $0.id == id }?.name ?? id
        }
    }
}
