/// A rule of a protocol, written `protocol/rule`; an occurrence of a repeated rule ends in `#` and its number.
public struct RuleReference: Sendable, Hashable, Comparable, CustomStringConvertible {
    /// The protocol's id.
    public let followUpProtocol: String
    /// The rule's id, with its occurrence if any: `gp-visit`, `nurse-weekly#2`.
    public let rule: String

    public init(followUpProtocol: String, rule: String) {
        self.followUpProtocol = followUpProtocol
        self.rule = rule
    }

    /// Reads `protocol/rule`; `nil` unless there is one slash with something on both sides.
    public init?(_ text: some StringProtocol) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2, !parts[0].isEmpty, !parts[1].isEmpty else { return nil }
        self.init(followUpProtocol: String(parts[0]), rule: String(parts[1]))
    }

    public var description: String { "\(followUpProtocol)/\(rule)" }

    public static func < (left: RuleReference, right: RuleReference) -> Bool {
        (left.followUpProtocol, left.rule) < (right.followUpProtocol, right.rule)
    }
}
