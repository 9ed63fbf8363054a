/// How a follow-up ranks in a to-do list. The raw value is the order: 0 stands first.
public enum Priority: Int, Sendable, Hashable, CaseIterable {
    case urgent = 0
    case high = 1
    case normal = 2

    /// `urgent`, `high` or `normal`, as in files and events.
    public var name: String {
        switch self {
        case .urgent: "urgent"
        case .high: "high"
        case .normal: "normal"
        }
    }

    /// `nil` for any other name.
    public init?(name: String) {
        guard let priority = Self.allCases.first(where: { $0.name == name }) else { return nil }
        self = priority
    }
}
