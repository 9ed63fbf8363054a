extension Duration {
    /// Whole milliseconds, at least 0, as librdkafka takes them.
    var milliseconds: Int {
        let (seconds, attoseconds) = components
        guard seconds >= 0, attoseconds >= 0 else { return 0 }
        let (whole, overflow) = seconds.multipliedReportingOverflow(by: 1000)
        guard !overflow, whole < Int64(Int32.max) else { return Int(Int32.max) }
        return Int(min(whole + attoseconds / 1_000_000_000_000_000, Int64(Int32.max)))
    }
}
