/// Which days a territory keeps free of routine news, as it keeps the night.
public enum Holidays: String, Hashable, Sendable, CaseIterable {
    /// The public holidays of France, and Sundays.
    case french
    case none

    static let expected = "french, or none where every day is like the others"
}
