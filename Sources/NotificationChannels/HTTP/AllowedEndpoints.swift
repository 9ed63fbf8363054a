/// Where webhooks may be called: by host and port, so that whoever may name an address of an allowed host cannot have its other services called.
public struct AllowedEndpoints: Sendable, Hashable {
    private struct Place: Sendable, Hashable {
        let host: String
        /// Nil for the port that the scheme stands for.
        let port: Int?
    }

    private var places: Set<Place> = []

    /// None.
    public init() {}

    /// - Parameter entries: each `host`, which is its port 443 (80 without encryption, on this machine itself), or `host:port`; an IPv6
    ///   address in brackets.
    /// - Throws: ``Failure`` with the first entry that is neither.
    public init(_ entries: [String]) throws(Failure) {
        for entry in entries {
            guard let address = WebAddress("https://\(entry)"), !entry.contains("/"), !entry.contains("?") else { throw Failure(entry: entry) }
            let port = entry.count > address.host.count ? address.port : nil
            places.insert(Place(host: address.host, port: port))
        }
    }

    /// An entry that is no host, and no host with a port.
    public struct Failure: Error, Sendable, Hashable {
        public let entry: String
    }

    public var isEmpty: Bool { places.isEmpty }

    public func allows(_ address: WebAddress) -> Bool {
        let isStandard = address.port == (address.isEncrypted ? 443 : 80)
        return places.contains(Place(host: address.host, port: address.port)) || isStandard && places.contains(Place(host: address.host, port: nil))
    }
}
