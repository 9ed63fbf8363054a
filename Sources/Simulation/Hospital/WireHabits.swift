/// What becomes of messages between the hospital and the coordinator: shares of all of them.
public struct WireHabits: Sendable, Hashable {
    /// Sent once more although they were answered.
    public var repeated = 0.02
    /// That wait for minutes to hours somewhere, so that later ones overtake them.
    public var delayed = 0.04
    /// That never arrive, and are sent again.
    public var lost = 0.01
    /// That arrive, and whose answer does not: they are sent again.
    public var unanswered = 0.01

    public init() {}

    /// A line that loses nothing.
    public static var perfect: WireHabits {
        var habits = WireHabits()
        (habits.repeated, habits.delayed, habits.lost, habits.unanswered) = (0, 0, 0, 0)
        return habits
    }
}
