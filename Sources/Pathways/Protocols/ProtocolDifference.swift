/// What publishing a protocol changes, for the person who publishes it: one line a rule.
public struct ProtocolDifference: Sendable, Hashable {
    public let lines: [String]

    /// - Parameter old: the version in force; nil if there is none.
    public init(from old: FollowUpProtocol?, to new: FollowUpProtocol) {
        var lines: [String] = []
        if let old {
            lines.append("~ protocol \(new.id) version \(old.version) → \(new.version)")
        } else {
            lines.append("+ protocol \(new.id) version \(new.version), \(new.title)")
        }
        for rule in new.rules {
            guard let before = old?.rule(rule.id) else {
                lines.append("+ rule \(rule.id): \(rule.title), \(rule.role), \(rule.window)")
                continue
            }
            if before != rule { lines.append("~ rule \(rule.id): \(before.title), \(before.window) → \(rule.title), \(rule.window)") }
        }
        for rule in old?.rules ?? [] where new.rule(rule.id) == nil { lines.append("- rule \(rule.id): \(rule.title)") }
        self.lines = lines
    }
}
