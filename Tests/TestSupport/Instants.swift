import Testing
public import Timekeeping

/// An instant written in a test.
public func at(_ text: String) -> Instant {
    if let instant = Instant(rfc3339: text) { return instant }
    Issue.record("\(text) is no instant")
    return Instant(millisecondsSinceEpoch: 0)
}
