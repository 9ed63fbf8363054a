/// A rule that plans the same follow-up several times at a fixed pace.
public struct Recurrence: Sendable, Hashable {
    /// Calendar days between one occurrence and the next, 1 to 366.
    public let everyDays: Int
    /// How many there are in all, 2 to 100.
    public let count: Int
}
