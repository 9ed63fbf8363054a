/// How to reach a cluster: plain librdkafka settings (CONFIGURATION.md of librdkafka). Printing or reflecting it shows no value of a
/// setting that may be secret.
public struct KafkaConfiguration: Sendable, CustomStringConvertible, CustomReflectable {
    /// `host:port`, several apart by commas.
    public var bootstrap: String
    /// TLS and SASL too: `security.protocol`, `ssl.ca.location`, `sasl.mechanism`, `sasl.username`, `sasl.password`.
    /// What a producer or a consumer needs to be right is set by it and cannot be changed here.
    public var settings: [String: String]

    public init(bootstrap: String, settings: [String: String] = [:]) {
        self.bootstrap = bootstrap
        self.settings = settings
    }

    public var description: String {
        let shown = settings.sorted { $0.key < $1.key }.map { "\($0.key)=\(Self.isSecret($0.key) ? "***" : $0.value)" }
        return (["bootstrap.servers=\(bootstrap)"] + shown).joined(separator: " ")
    }

    public var customMirror: Mirror {
        Mirror(self, children: ["bootstrap": bootstrap, "settings": settings.mapValues { _ in "***" }])
    }

    /// Whether a setting's value must not be shown: credentials, keys, and what may carry them.
    public static func isSecret(_ name: String) -> Bool {
        let name = name.lowercased()
        return ["password", "secret", ".pem", "oauthbearer.config", "token", "credential"].contains { name.contains($0) }
            || name == "ssl.key" || name == "ssl_key" || name == "ssl.certificate"
    }
}
