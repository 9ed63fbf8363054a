/// What a log on disk is for. Kept in the log itself, so that a copy is not written to by mistake.
public enum LogRole: String, Sendable, Hashable {
    /// Appends go here.
    case writer
    /// A copy that takes in what its writer, on another machine, records.
    case replica
}
