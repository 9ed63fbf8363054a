/// What a place in a message holds (HL7 v2.5 §2.5.3).
///
/// The difference matters when a message updates something: `absent` leaves what is known as it is, `null` erases it.
public enum Value: Sendable, Hashable {
    /// Nothing between the delimiters, or the segment stops before.
    case absent
    /// Two double quotes, `""`: delete what you hold.
    case null
    /// Text, escape sequences decoded.
    case text(String)

    /// The text, `nil` when absent or null.
    public var text: String? {
        if case .text(let text) = self { text } else { nil }
    }

    public var isAbsent: Bool { self == .absent }

    public var isNull: Bool { self == .null }

    /// `.text`, or `.absent` for `nil` and for the empty string, which a message cannot hold.
    public init(_ text: String?) {
        if let text, !text.isEmpty { self = .text(text) } else { self = .absent }
    }
}

extension Value: ExpressibleByStringLiteral {
    public init(stringLiteral value: String) {
        self.init(value)
    }
}
