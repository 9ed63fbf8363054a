/// How much everybody had in hand at one position of the log.
public struct Loads: Sendable, Hashable {
    /// Up to which the log was counted.
    public let position: Int64
    private let counts: [String: Int]

    /// - Parameter counts: follow-ups by RPPS; who is not named has none.
    public init(position: Int64 = 0, counts: [String: Int] = [:]) {
        self.position = position
        self.counts = counts
    }

    /// Follow-ups that somebody accepted and that have not ended, in all pathways of the territory.
    public func inHand(of rpps: String) -> Int { counts[rpps] ?? 0 }

    /// The mean of a team's members, rounded up; 0 for a team of nobody.
    public func inHand(ofTeam members: [String]) -> Int {
        guard !members.isEmpty else { return 0 }
        return (members.reduce(0) { $0 + inHand(of: $1) } + members.count - 1) / members.count
    }
}
