/// An organisation, by name and identifier (type XON): ZBE-7, the medical unit responsible.
public struct XON: Sendable, Hashable {
    /// What it was read from.
    public let repetition: Repetition

    public init(_ repetition: Repetition) {
        self.repetition = repetition
    }

    /// XON.1, its label.
    public var name: Value { repetition.component(1).value }
    /// XON.3, its number where XON.10 is not used.
    public var number: Value { repetition.component(3).value }
    /// XON.6, assigning authority.
    public var authority: HD { HD(repetition.component(6)) }
    /// XON.7, kind of identifier: `UF`.
    public var typeCode: String? { repetition.component(7).text }
    /// XON.10, its code.
    public var identifier: Value { repetition.component(10).value }
}
