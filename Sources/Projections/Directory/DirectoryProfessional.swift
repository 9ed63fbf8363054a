public import Pathways

/// A professional as the directory had them over a stretch of the log.
public struct DirectoryProfessional: Hashable, Sendable {
    public let rpps: String
    public let family: String
    public let given: String
    public let role: CareRole
    public let phone: String?
    /// The position from which they stood there like this.
    public let from: Int64
    /// The position from which they no longer did; nil if they still do.
    public let to: Int64?

    /// Given name, then family name.
    public var fullName: String { "\(given) \(family)" }
}
