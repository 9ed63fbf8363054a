/// A person's name (type XPN): PID-5. In France type `L` is the birth name, `D` the name used, `S` and `U` aliases.
public struct XPN: Sendable, Hashable {
    /// What it was read from.
    public let repetition: Repetition

    public init(_ repetition: Repetition) {
        self.repetition = repetition
    }

    /// XPN.1, first sub-component (type FN); null deletes it.
    public var family: Value { repetition.component(1).value }
    /// XPN.2, first given name.
    public var given: Value { repetition.component(2).value }
    /// XPN.3, the other given names; in France all the birth given names.
    public var secondAndFurther: Value { repetition.component(3).value }
    /// XPN.4.
    public var suffix: String? { repetition.component(4).text }
    /// XPN.5: `M.`, `Mme`.
    public var prefix: String? { repetition.component(5).text }
    /// XPN.7, table 0200.
    public var typeCode: String? { repetition.component(7).text }
    /// The whole name is the null value: delete the name of this field.
    public var isNull: Bool { repetition.raw == "\"\"" }
}
