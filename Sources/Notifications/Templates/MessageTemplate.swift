/// The words of one template of the table of news.
public struct MessageTemplate: Hashable, Sendable {
    public let name: String
    /// Of a secure mail that tells this alone. It names nobody: subjects travel in delivery reports and are shown on locked screens.
    public let subject: String
    /// What happened.
    public let line: TemplateText
    /// The line for whom may not read the patient's name; nil where the line itself says nothing else.
    public let unnamed: TemplateText?
    /// What the recipient can do.
    public let action: TemplateText
}
