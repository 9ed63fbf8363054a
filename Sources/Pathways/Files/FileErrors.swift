/// Everything that is wrong with a file, in the order of its lines. A file with a problem yields nothing.
public struct FileErrors: Error, Sendable, Hashable, CustomStringConvertible {
    /// At least one; at most `FileErrors.limit`, because a wrong file repeats itself.
    public let problems: [FileProblem]

    /// How many problems are told at once.
    public static let limit = 100

    /// One problem a line.
    public var description: String {
        problems.map(\.description).joined(separator: "\n")
    }
}
