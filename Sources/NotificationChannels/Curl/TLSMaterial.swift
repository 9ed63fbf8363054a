/// Whom we trust and who we are: paths of PEM files. The peer's certificate and name are always checked; TLS 1.2 is the least.
public struct TLSMaterial: Sendable, Hashable {
    /// Certificates of the authorities that are trusted; `nil` for those of the system.
    public var authorities: String?
    /// Our own certificate, followed by the intermediate ones.
    public var certificate: String?
    /// The key of `certificate`, unencrypted, readable by us only.
    public var key: String?

    public init(authorities: String? = nil, certificate: String? = nil, key: String? = nil) {
        self.authorities = authorities
        self.certificate = certificate
        self.key = key
    }
}
