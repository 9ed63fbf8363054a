/// A server that takes mail (SMTP) or keeps it (IMAP): where it is and how to talk to it.
public struct MailServer: Sendable, Hashable {
    /// How the connection is protected. What is asked for and not offered is a failure, never a connection in clear.
    public enum Protection: String, Sendable, Hashable {
        /// STARTTLS, which the server must offer (RFC 3207, RFC 9051 §6.2.1).
        case startTLS = "starttls"
        /// TLS from the first byte (RFC 8314 §3).
        case implicitTLS = "tls"
        /// None: a server on this machine.
        case none
    }

    public let host: String
    public let port: Int
    public let protection: Protection
    public var tls: TLSMaterial
    public let credentials: Credentials?
    /// The name we greet an SMTP server with: ours.
    public let helloName: String
    public var limits: TransferLimits

    /// - Throws: `ChannelConfigurationError`.
    public init(
        host: String,
        port: Int,
        protection: Protection,
        tls: TLSMaterial = TLSMaterial(),
        credentials: Credentials? = nil,
        helloName: String,
        limits: TransferLimits = TransferLimits()
    ) throws(ChannelConfigurationError) {
        guard SafeBytes.isHostName(host) else { throw .invalid(setting: "host", expected: "a host name or an IPv4 address") }
        guard (1...65_535).contains(port) else { throw .invalid(setting: "port", expected: "1 to 65535") }
        guard SafeBytes.isHostName(helloName) else { throw .invalid(setting: "helloName", expected: "our own host name") }
        guard credentials == nil || protection != .none else { throw .credentialsInClear }
        self.host = host
        self.port = port
        self.protection = protection
        self.tls = tls
        self.credentials = credentials
        self.helloName = helloName
        self.limits = limits
    }

    var destination: String { "\(host):\(port)" }
}
