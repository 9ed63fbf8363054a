/// What one exchange with one peer may cost.
public struct TransferLimits: Sendable, Hashable {
    /// Until the connection stands, name resolution and TLS included.
    public var connect: Duration
    /// From the first step to the last.
    public var total: Duration
    /// Bytes of an answer that are kept; the rest is not read.
    public var answerBytes: Int

    public init(connect: Duration = .seconds(10), total: Duration = .seconds(30), answerBytes: Int = 64 << 10) {
        self.connect = connect
        self.total = total
        self.answerBytes = answerBytes
    }
}

extension Duration {
    /// In whole milliseconds, rounded up, at least 1 and at most what a 32-bit `long` holds: 0 would mean "no limit" to libcurl.
    var curlMilliseconds: Int {
        let (seconds, attoseconds) = components
        guard seconds < 2_000_000 else { return 2_000_000_000 }
        return max(1, Int(max(0, seconds)) * 1_000 + Int((max(0, attoseconds) + 999_999_999_999_999) / 1_000_000_000_000_000))
    }
}
