/// The table's file: YAML of `schemas/notifications.schema.json`, read strictly.
public struct NewsTableFile {
    /// The most bytes a file may have.
    public static let sizeLimit = 256 * 1_024

    /// Reads a table.
    ///
    /// - Parameter file: the name that problems are reported under.
    /// - Throws: `FileErrors` with every problem found, each with its line: not YAML, unknown or missing keys, events and words that do not
    ///   exist, conditions that an event can never meet, templates that rows do not agree on.
    public static func parse(yaml: [UInt8], file: String) throws(FileErrors) -> NewsTable {
        try YAMLDocument.read(yaml, file: file, limit: sizeLimit, keys: NewsTableReader.keys) { NewsTableReader($0).read() }
    }

    /// As `parse(yaml:file:)` for text.
    public static func parse(yaml: String, file: String) throws(FileErrors) -> NewsTable {
        try parse(yaml: Array(yaml.utf8), file: file)
    }
}
