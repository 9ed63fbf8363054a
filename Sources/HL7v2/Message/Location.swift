/// A place in a message, as errors name it and as `Message` looks it up. All numbers count from 1.
public struct Location: Sendable, Hashable {
    public var segment: SegmentName
    /// Which of the segments of that name.
    public var occurrence: Int
    public var field: Int?
    public var repetition: Int?
    public var component: Int?
    public var subcomponent: Int?

    public init(
        _ segment: SegmentName,
        occurrence: Int = 1,
        field: Int? = nil,
        repetition: Int? = nil,
        component: Int? = nil,
        subcomponent: Int? = nil
    ) {
        self.segment = segment
        self.occurrence = occurrence
        self.field = field
        self.repetition = repetition
        self.component = component
        self.subcomponent = subcomponent
    }

    /// Reads the usual written form: `PID`, `PID-3`, `PID-3[2].4.1`, `ROL[2]-4.1`; `nil` for anything else.
    public init?(path: some StringProtocol) {
        var rest = Substring(path)
        guard let segment = SegmentName(rest.prefix(3)) else { return nil }
        rest = rest.dropFirst(3)
        self.init(segment)
        if let number = Self.bracketed(&rest) { occurrence = number }
        guard !rest.isEmpty else { return }
        guard let number = Self.number(after: "-", &rest) else { return nil }
        field = number
        repetition = Self.bracketed(&rest)
        if let number = Self.number(after: ".", &rest) {
            component = number
            subcomponent = Self.number(after: ".", &rest)
        }
        guard rest.isEmpty else { return nil }
    }

    /// Reads ERR-2, type ERL (HL7 v2.5 §2.A.28); `nil` when it names no segment.
    public init?(erl: Repetition) {
        guard let segment = SegmentName(erl.component(1).text ?? "") else { return nil }
        func number(_ component: Int) -> Int? {
            erl.component(component).text.flatMap { Int($0) }.flatMap { $0 >= 1 ? $0 : nil }
        }
        self.init(
            segment,
            occurrence: number(2) ?? 1,
            field: number(3),
            repetition: number(4),
            component: number(5),
            subcomponent: number(6)
        )
    }

    /// The content of ERR-2, type ERL: `PID^1^3`, with the repetition given whenever a component follows.
    public var erl: RepetitionDraft {
        RepetitionDraft(erlComponents.map { ComponentDraft($0) })
    }

    var erlComponents: [String?] {
        let repetition = self.repetition ?? (component == nil ? nil : 1)
        let numbers = [occurrence, field, field == nil ? nil : repetition, component, subcomponent]
        return [segment.description] + numbers.map { $0.map { String($0) } }
    }

    private static func bracketed(_ rest: inout Substring) -> Int? {
        guard rest.first == "[", let close = rest.firstIndex(of: "]"), let number = positive(rest[..<close].dropFirst()) else { return nil }
        rest = rest[rest.index(after: close)...]
        return number
    }

    private static func number(after mark: Character, _ rest: inout Substring) -> Int? {
        guard rest.first == mark else { return nil }
        let digits = rest.dropFirst().prefix { $0.isASCII && $0.isNumber }
        guard let number = positive(digits) else { return nil }
        rest = rest[digits.endIndex...]
        return number
    }

    private static func positive(_ digits: Substring) -> Int? {
        Int(digits).flatMap { $0 >= 1 ? $0 : nil }
    }
}

extension Location: CustomStringConvertible {
    /// The usual written form: `PID-3[2].4.1`.
    public var description: String {
        var text = segment.description
        if occurrence != 1 { text += "[\(occurrence)]" }
        guard let field else { return text }
        text += "-\(field)"
        if let repetition { text += "[\(repetition)]" }
        if let component { text += ".\(component)" }
        if component != nil, let subcomponent { text += ".\(subcomponent)" }
        return text
    }
}
