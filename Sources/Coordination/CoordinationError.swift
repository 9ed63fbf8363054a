/// What can go wrong between a command and the log, apart from `Rejection` (the domain says no) and `EventStoreError` (storage).
public enum CoordinationError: Error, Hashable, Sendable, CustomStringConvertible {
    /// An event in the log cannot be read by this version.
    case unreadable(position: Int64, type: String, problem: String)
    /// Others kept changing the same streams; the caller may try again.
    case tooMuchContention
    /// Nothing is published yet: `relais territory publish FILE`.
    case noTerritory

    public var description: String {
        switch self {
        case .unreadable(let position, let type, let problem): "event \(position) (\(type)) cannot be read: \(problem)"
        case .tooMuchContention: "too many concurrent changes to the same pathway; try again"
        case .noTerritory: "no territory is published in this log; run: relais territory publish FILE"
        }
    }
}
