public import Pathways

/// Which territories the feed of a hospital may concern, first choice first.
///
/// A sender without a route of its own concerns the territories that name it, or its hospital, in their published file; if none does, all.
/// A territory whose log cannot be read stays a candidate: what it publishes is not known.
public struct FeedRoutes: Sendable {
    private let routes: [HL7Sender: [String]]

    /// - Parameter routes: the ids of the territories of each sender (MSH-3 and MSH-4).
    public init(_ routes: [HL7Sender: [String]] = [:]) {
        self.routes = routes
    }

    /// - Throws: `FeedRouteError` if a route is empty, or names a territory that is not served, or one twice.
    public func check(against served: [String]) throws(FeedRouteError) {
        for (sender, route) in routes.sorted(by: { $0.key.description < $1.key.description }) {
            if route.isEmpty { throw .emptyRoute(sender) }
            if let unknown = route.first(where: { !served.contains($0) }) { throw .unknownTerritory(unknown, sender) }
            if Set(route).count < route.count { throw .repeatedTerritory(sender) }
        }
    }

    /// The candidates of a message.
    ///
    /// - Parameters:
    ///   - facility: the names under which MSH-4 may stand in a territory file, the universal id beside the namespace.
    ///   - served: in the order of the configuration. Never empty unless `served` is.
    public func candidates(of sender: HL7Sender, facility: [String], among served: [ServedTerritory]) -> [ServedTerritory] {
        if let route = routes[sender] { return Self.territories(route, served) }
        return Self.naming(served) { territory in
            territory.isKnownSender(application: sender.application, facility: sender.facility)
                || facility.contains { territory.hospital(authority: $0) != nil }
        }
    }

    /// The candidates of a pathway, by the authority of its visit number: those of the senders that the published files give to this
    /// hospital.
    public func candidates(ofHospital authority: String, among served: [ServedTerritory]) -> [ServedTerritory] {
        let senders = served.flatMap { territory in (try? territory.published())?.hospital(authority: authority)?.senders ?? [] }
        let routed = Set(senders.flatMap { routes[$0] ?? [] })
        if !routed.isEmpty { return served.filter { routed.contains($0.id) } }
        return Self.naming(served) { $0.hospital(authority: authority) != nil }
    }

    private static func territories(_ route: [String], _ served: [ServedTerritory]) -> [ServedTerritory] {
        route.compactMap { id in served.first { $0.id == id } }
    }

    private static func naming(_ served: [ServedTerritory], _ isNamed: (Territory) -> Bool) -> [ServedTerritory] {
        var isAnyNamed = false
        let candidates = served.filter { territory in
            do {
                guard let published = try territory.published(), isNamed(published) else { return false }
                isAnyNamed = true
                return true
            } catch {
                return true
            }
        }
        return isAnyNamed ? candidates : served
    }
}
