/// One set of tables of a projection: the live one, one that is kept, or one that is being built.
public struct ProjectionGeneration: Hashable, Sendable {
    public enum State: String, Hashable, Sendable {
        case live, kept, building
    }

    public let projection: String
    public let number: Int64
    public let version: Int64
    public let state: State
    /// Every event up to this position is in its tables.
    public let position: Int64
    public let rows: Int64
    /// In the file, indexes included; nil where SQLite cannot tell.
    public let bytes: Int64?
}
