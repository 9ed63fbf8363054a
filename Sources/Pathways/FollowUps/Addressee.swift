/// Whom an offer is made to: one professional, or a team whose members share a queue and claim from it.
public enum Addressee: RawRepresentable, Hashable, Sendable {
    /// RPPS.
    case professional(String)
    /// The id of a team of the directory.
    case team(String)

    private static let teamMark = "team:"

    public init(rawValue: String) {
        self = rawValue.hasPrefix(Self.teamMark) ? .team(String(rawValue.dropFirst(Self.teamMark.count))) : .professional(rawValue)
    }

    /// As in events: `99999000013`, `team:challans-nurses`.
    public var rawValue: String {
        switch self {
        case .professional(let rpps): rpps
        case .team(let id): Self.teamMark + id
        }
    }
}
