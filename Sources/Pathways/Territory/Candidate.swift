/// A professional to whom a follow-up may be offered.
public struct Candidate: Sendable, Hashable {
    public let rpps: RPPS
    /// The ids of the teams they belong to, in the order of the file.
    public let teams: [String]
    /// Whoever they stand in for, when they were found only as a replacement.
    public let replacing: RPPS?
}
