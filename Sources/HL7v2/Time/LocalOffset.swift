/// What a time zone says about one reading of its wall clocks. Offsets are minutes east of Greenwich.
public enum LocalOffset: Sendable, Hashable {
    /// The clocks showed it once.
    case unique(Int)
    /// The clocks were put back and showed it twice: first at `earlier`, then at `later` (in autumn +120, then +60 in Paris).
    case ambiguous(earlier: Int, later: Int)
    /// The clocks were put forward over it: it was never shown. The offsets are those before and after the change.
    case skipped(before: Int, after: Int)
}
