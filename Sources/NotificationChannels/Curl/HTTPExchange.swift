/// One POST to one address.
struct HTTPRequest: Sendable {
    /// `http` or `https`.
    var url: WebAddress
    /// Names and values; both are free of line breaks, which `CurlTransfer` checks.
    var headers: [(name: String, value: String)]
    var body: [UInt8]
    var tls: TLSMaterial
    var limits: TransferLimits
    /// `nil` for none: the environment is never asked.
    var proxy: String?
}

/// What came back.
struct HTTPAnswer: Sendable, Hashable {
    var status: Int
    var retryAfter: Duration?
    /// As far as it was read.
    var body: [UInt8]
}
