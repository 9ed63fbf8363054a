/// One thing to put right in a protocol or territory file.
public struct FileProblem: Sendable, Hashable, CustomStringConvertible {
    /// The file's name as the caller gave it.
    public let file: String
    /// From 1.
    public let line: Int
    /// From 1, in Unicode scalars.
    public let column: Int
    /// Where in the document, as `rules[2].window.to`; empty for the document itself.
    public let path: String
    /// What is wrong.
    public let problem: String
    /// What to write instead.
    public let remedy: String

    /// `file:line:column: path: what is wrong; what to write`, the form that editors turn into a link.
    public var description: String {
        "\(file):\(line):\(column): \(path.isEmpty ? "" : path + ": ")\(problem); \(remedy)"
    }
}
