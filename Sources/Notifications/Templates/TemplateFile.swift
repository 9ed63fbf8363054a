public import Pathways

/// The file of texts: YAML of `schemas/templates.schema.json`, read strictly.
public enum TemplateFile {
    /// The most bytes a file may have.
    public static let sizeLimit = 256 * 1_024

    /// Reads the texts.
    ///
    /// - Parameters:
    ///   - file: the name that problems are reported under.
    ///   - templates: the names that must have words, and no others: those of the table of news.
    /// - Throws: `FileErrors` with every problem found, each with its line: not YAML, unknown or missing keys, templates without words,
    ///   gaps that do not exist or may not stand where they do.
    public static func parse(yaml: [UInt8], file: String, templates: Set<String>) throws(FileErrors) -> TemplateBook {
        try YAMLDocument.read(yaml, file: file, limit: sizeLimit, keys: TemplateReader.keys) { TemplateReader($0).read(templates) }
    }

    /// As `parse(yaml:file:templates:)` for text.
    public static func parse(yaml: String, file: String, templates: Set<String>) throws(FileErrors) -> TemplateBook {
        try parse(yaml: Array(yaml.utf8), file: file, templates: templates)
    }
}
