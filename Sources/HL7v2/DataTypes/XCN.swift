/// A professional, by identifier and name (type XCN): PV1-7, ROL-4.
public struct XCN: Sendable, Hashable {
    /// What it was read from.
    public let repetition: Repetition

    public init(_ repetition: Repetition) {
        self.repetition = repetition
    }

    /// XCN.1: RPPS, or the national identifier with its leading type digit when `typeCode` is `IDNPS`.
    public var id: Value { repetition.component(1).value }
    /// XCN.2, first sub-component (type FN).
    public var family: Value { repetition.component(2).value }
    /// XCN.3.
    public var given: Value { repetition.component(3).value }
    /// XCN.6: `Dr`.
    public var prefix: String? { repetition.component(6).text }
    /// XCN.9, assigning authority.
    public var authority: HD { HD(repetition.component(9)) }
    /// XCN.10, kind of name, table 0200.
    public var nameTypeCode: String? { repetition.component(10).text }
    /// XCN.13, kind of identifier, table 0203: `RPPS`, `IDNPS`, `ADELI`.
    public var typeCode: String? { repetition.component(13).text }
}
