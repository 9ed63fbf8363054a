public import Pathways

/// Something that a message must not say, or says badly.
public struct LintFinding: Sendable, Hashable, CustomStringConvertible {
    public enum Problem: String, Sendable, Hashable, CaseIterable {
        /// An open channel says something beside counts and the link.
        case openText = "open-text"
        /// What an open channel, or a text for whom may not know, says changes with who the patient is.
        case tellsIdentity = "tells-identity"
        /// Part of an identity, a place or a care stands where it must not.
        case leak
        case gap
        case doubleSpace = "double-space"
        case typography
        case smsLength = "sms-length"
        case smsAlphabet = "sms-alphabet"
        /// A subject, an id or a key that is not as it must be.
        case header
        /// It could not be rendered at all.
        case failed
    }

    public let problem: Problem
    public let channel: ChannelKind
    public let templates: [String]
    /// Gives the same message again (``TemplateLint``).
    public let seed: UInt64

    public var description: String { "\(problem.rawValue): \(channel.rawValue), \(templates.joined(separator: " + ")), seed \(seed)" }
}
