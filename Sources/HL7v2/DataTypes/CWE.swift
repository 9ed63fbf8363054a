/// A code, what it means and the system it belongs to, with an alternative (types CE and CWE, which share their first six components).
public struct CWE: Sendable, Hashable {
    /// What it was read from.
    public let repetition: Repetition

    public init(_ repetition: Repetition) {
        self.repetition = repetition
    }

    /// CWE.1, the code; null deletes it.
    public var identifier: Value { repetition.component(1).value }
    /// CWE.2, its meaning for a reader.
    public var text: String? { repetition.component(2).text }
    /// CWE.3, the coding system.
    public var codingSystem: String? { repetition.component(3).text }
    /// CWE.4, the same in another system.
    public var alternateIdentifier: String? { repetition.component(4).text }
    /// CWE.5.
    public var alternateText: String? { repetition.component(5).text }
    /// CWE.6.
    public var alternateCodingSystem: String? { repetition.component(6).text }
    /// CWE.9, what the author typed (CWE only).
    public var originalText: String? { repetition.component(9).text }
}
