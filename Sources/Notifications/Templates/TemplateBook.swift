public import Pathways

/// All that people read in messages: data, read from `templates.yaml`.
public struct TemplateBook: Sendable, Hashable {
    /// The whole of what ordinary mail and text messages say, beside a link.
    public struct Open: Sendable, Hashable {
        public let news: TemplateText
        public let reminder: TemplateText
    }

    /// What stands around the news in a secure mail.
    public struct Secure: Sendable, Hashable {
        public let greeting: TemplateText
        public let news: TemplateText
        public let reminder: TemplateText
        /// In the place of a name that the recipient may not read.
        public let unnamed: TemplateText
        /// In the place of the name of a patient who opposes.
        public let masked: TemplateText
        /// In the place of a name that nobody knows.
        public let unknown: TemplateText
        /// Above what is about no patient.
        public let other: TemplateText
        public let erased: TemplateText
        /// Before the link, where something is asked.
        public let ask: TemplateText
        /// Before the link, where nothing is.
        public let read: TemplateText
        public let footer: [TemplateText]
    }

    public let version: Int
    public let open: Open
    public let secure: Secure
    private let templates: [String: MessageTemplate]

    init(version: Int, open: Open, secure: Secure, templates: [String: MessageTemplate]) {
        self.version = version
        self.open = open
        self.secure = secure
        self.templates = templates
    }

    public subscript(template: String) -> MessageTemplate? { templates[template] }

    /// Names of all templates, sorted.
    public var names: [String] { templates.keys.sorted() }

    /// The texts that are shipped.
    ///
    /// - Throws: `FileErrors` if the binary holds a file that it cannot read, which its tests exclude.
    public static func shipped() throws(FileErrors) -> TemplateBook {
        try TemplateFile.parse(yaml: PackageResources.templates_yaml, file: "templates.yaml", templates: NewsTable.shipped().templates)
    }
}
