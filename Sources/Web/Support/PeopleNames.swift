import Pathways
import Projections

/// What the directory calls people, and what they are.
struct PeopleNames {
    private let named: (String) -> String?
    private let territory: Territory?

    init(_ services: WebServices, _ territory: Territory?) {
        self.init(territory) { try? services.directory.name(of: $0) }
    }

    init(_ territory: Territory?, _ named: @escaping (String) -> String?) {
        self.territory = territory
        self.named = named
    }

    /// Nil if the directory never held them.
    func name(_ rpps: String) -> String? {
        territory?.referent.rpps.value == rpps ? territory?.referent.name : named(rpps)
    }

    /// The name, else the number: always something to call them.
    func words(_ rpps: String) -> String { name(rpps) ?? "RPPS \(rpps)" }

    /// Nil for whom the directory in force does not hold.
    func role(_ rpps: String) -> CareRole? {
        if territory?.referent.rpps.value == rpps { return .referent }
        return (try? RPPS(rpps)).flatMap { territory?.professional($0) }?.role
    }
}
