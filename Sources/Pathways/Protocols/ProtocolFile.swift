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
        try parsed.file(of: yaml) { () throws(FileErrors) in
            try YAMLDocument.read(yaml, file: file, limit: sizeLimit, keys: ProtocolReader.keys) { ProtocolReader($0).read() }
        }
    }

    private static let parsed = ParsedFiles<FollowUpProtocol>(capacity: 64)

    /// As `parse(yaml:file:)` for bytes.
    public static func parse(yaml: String, file: String) throws(FileErrors) -> FollowUpProtocol {
        try parse(yaml: Array(yaml.utf8), file: file)
    }
}
