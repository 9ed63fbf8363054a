/// A part of what a person was told.
public struct ToldPage: Hashable, Sendable {
    /// Which part comes first.
    public enum Order: Hashable, Sendable, CaseIterable {
        case oldestFirst
        case newestFirst
    }

    public let lines: [ToldLine]
    /// After what to ask for the next part; nil if this was the last one.
    public let next: Int64?
    /// Where the ledger was read.
    public let position: Int64
}
