/// A site profile's file: YAML of `schemas/site-profile.schema.json`, read strictly. It says how some senders depart from PAM France, as
/// agreed with the hospital.
public struct SiteProfileFile: Sendable, Hashable {
    /// The most bytes a file may have.
    public static let sizeLimit = 64 * 1_024

    /// A slug: publishing another file of the same id puts it in place of this one.
    public let id: String
    public let version: Int
    public let senders: [SenderPattern]
    public let profile: SiteProfile

    public init(id: String, version: Int, senders: [SenderPattern], profile: SiteProfile) {
        self.id = id
        self.version = version
        self.senders = senders
        self.profile = profile
    }

    /// Reads a site profile.
    ///
    /// - Parameter file: the name that problems are reported under.
    /// - Throws: `FileErrors` with every problem found, each with its line: not YAML, unknown or missing keys, wrong types or sizes, zones and
    ///   character sets that do not exist, codes written twice, senders that match everything.
    public static func parse(yaml: [UInt8], file: String) throws(FileErrors) -> SiteProfileFile {
        try YAMLDocument.read(yaml, file: file, limit: sizeLimit, keys: SiteProfileReader.keys) { SiteProfileReader($0).read() }
    }

    /// As `parse(yaml:file:)` for text.
    public static func parse(yaml: String, file: String) throws(FileErrors) -> SiteProfileFile {
        try parse(yaml: Array(yaml.utf8), file: file)
    }
}
