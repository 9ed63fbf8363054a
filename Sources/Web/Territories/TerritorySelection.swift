/// Which territory an HTTP request is for, by its address alone.
///
/// With one territory, every path is that territory's, as it is. With several, `/t/{territory}/…` names it, or the `Host` header does where
/// a name is mapped; a path that names another territory than its host is nobody's.
struct TerritorySelection: Sendable {
    enum Choice: Sendable, Hashable {
        /// For this territory, with the path as its own routes know it.
        case territory(String, path: String)
        /// Names a territory that is not served, or two at once: not found.
        case unknown
        /// Names none: what concerns the whole process, or a list to choose from.
        case none
    }

    private static let prefix = "/t/"

    private let territories: [String]
    private let hosts: [String: String]

    /// - Parameter hosts: the territory of each host name, without port; a name of a territory that is not served is never found.
    init(territories: [String], hosts: [String: String] = [:]) {
        self.territories = territories
        self.hosts = Dictionary(hosts.map { (Self.name($0.key), $0.value) }) { first, _ in first }
    }

    /// - Parameters:
    ///   - host: the `Host` header or the authority of HTTP/2, with its port if it has one.
    ///   - path: as sent, without the query.
    func choose(host: String?, path: String) -> Choice {
        if territories.count == 1, let only = territories.first { return .territory(only, path: path) }
        let mapped = host.flatMap { hosts[Self.name($0)] }
        guard let named = Self.split(path) else {
            guard let mapped else { return .none }
            return territories.contains(mapped) ? .territory(mapped, path: path) : .unknown
        }
        guard territories.contains(named.territory), mapped == nil || mapped == named.territory else { return .unknown }
        return .territory(named.territory, path: named.rest)
    }

    /// Nil for a path that is not of the form `/t/{territory}[/…]`.
    private static func split(_ path: String) -> (territory: String, rest: String)? {
        guard path.hasPrefix(prefix) else { return nil }
        let named = path.dropFirst(prefix.count)
        let territory = named.prefix { $0 != "/" }
        let rest = named.dropFirst(territory.count)
        return (String(territory), rest.isEmpty ? "/" : String(rest))
    }

    /// A host name in lower case, without port and final dot (RFC 9110 §7.2; an IPv6 address keeps its brackets).
    private static func name(_ host: String) -> String {
        let end = host.hasPrefix("[") ? host.firstIndex(of: "]").map { host.index(after: $0) } : host.firstIndex(of: ":")
        let name = host[..<(end ?? host.endIndex)].lowercased()
        return name.hasSuffix(".") ? String(name.dropLast()) : name
    }
}
