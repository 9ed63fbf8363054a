/// What an append takes a stream to be when it writes to it (I3).
public enum ExpectedVersion: Sendable, Hashable {
    /// The stream has no event yet.
    case noStream
    /// The stream's last event has this version; `exactly(0)` is ``noStream``.
    case exactly(Int64)
    /// Not checked. Only where no decision depends on what the stream holds, such as a log of messages received.
    case any

    /// Whether a stream whose last version is `version` (0 = no event) is as expected.
    func accepts(_ version: Int64) -> Bool {
        switch self {
        case .noStream: version == 0
        case .exactly(let expected): version == expected
        case .any: true
        }
    }
}
