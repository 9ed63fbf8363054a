/// A protocol's file: YAML of `schemas/protocol.schema.json`, read strictly.
public struct ProtocolFile {
    /// The most bytes a file may have.
    public static let sizeLimit = 256 * 1_024

    /// Reads a protocol.
    ///
    /// - Parameter file: the name that problems are reported under.
    /// - Throws: `FileErrors` with every problem found, each with its line: not YAML, unknown or missing keys, wrong types or sizes,
    ///   ids used twice, references to nothing, windows that close before they open, titles that do not say what to do.
    public static func parse(yaml: [UInt8], file: String) throws(FileErrors) -> FollowUpProtocol {
        try parsed.file(of: yaml) { () throws(FileErrors) in try read(yaml, file) }
    }

    private static let parsed = ParsedFiles<FollowUpProtocol>(capacity: 64)

    private static func read(_ yaml: [UInt8], _ file: String) throws(FileErrors) -> FollowUpProtocol {
        let problems = FileProblems(file: file)
        let root = try YAMLDocument.root(yaml, limit: sizeLimit, keys: ProtocolReader.keys, problems: problems)
        let followUpProtocol = ProtocolReader(root).read()
        try problems.check()
        guard let followUpProtocol else { throw problems.errors }
        return followUpProtocol
    }

    /// As `parse(yaml:file:)` for bytes.
    public static func parse(yaml: String, file: String) throws(FileErrors) -> FollowUpProtocol {
        try parse(yaml: Array(yaml.utf8), file: file)
    }
}
