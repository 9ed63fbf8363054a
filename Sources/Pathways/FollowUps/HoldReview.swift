/// How long a follow-up may stay on hold before somebody looks at it: nothing waits silently (I7).
public enum HoldReview {
    /// A week; then again each week.
    public static let everyMinutes: Int64 = 10_080
}
