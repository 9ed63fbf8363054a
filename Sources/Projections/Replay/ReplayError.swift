/// Why a pathway cannot be told again.
public enum ReplayError: Error, Hashable, Sendable, CustomStringConvertible {
    /// This release cannot read an event; the problem names no value of it.
    case unreadable(position: Int64, type: String, problem: String)

    public var description: String {
        switch self {
        case .unreadable(let position, let type, let problem):
            "event \(position) (\(type)) cannot be read: \(problem); use the release that wrote it, or a later one"
        }
    }
}
