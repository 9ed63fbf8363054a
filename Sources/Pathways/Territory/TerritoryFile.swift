/// A territory's file: YAML of `schemas/territory.schema.json`, read strictly.
public struct TerritoryFile {
    /// The most bytes a file may have.
    public static let sizeLimit = 4 * 1_024 * 1_024

    /// Reads a territory.
    ///
    /// - Parameter file: the name that problems are reported under.
    /// - Throws: `FileErrors` with every problem found, each with its line: not YAML, unknown or missing keys, wrong types or sizes, wrong
    ///   keys of RPPS and FINESS, identifiers used twice, references to nobody or nowhere, absences that overlap.
    public static func parse(yaml: [UInt8], file: String) throws(FileErrors) -> Territory {
        try parsed.file(of: yaml) { () throws(FileErrors) in
            try YAMLDocument.read(yaml, file: file, limit: sizeLimit, keys: TerritoryReader.keys) { TerritoryReader($0).read() }
        }
    }

    private static let parsed = ParsedFiles<Territory>(capacity: 8)

    /// As `parse(yaml:file:)` for bytes.
    public static func parse(yaml: String, file: String) throws(FileErrors) -> Territory {
        try parse(yaml: Array(yaml.utf8), file: file)
    }
}
