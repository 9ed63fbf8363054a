/// A postal address (type XAD): PID-11. Type `H` is home, `BDL` the place of birth, whose COG code is in XAD.9.
public struct XAD: Sendable, Hashable {
    /// What it was read from.
    public let repetition: Repetition

    public init(_ repetition: Repetition) {
        self.repetition = repetition
    }

    /// XAD.1, first sub-component (type SAD): number and street.
    public var street: Value { repetition.component(1).value }
    /// XAD.2, building, floor, place called.
    public var otherDesignation: Value { repetition.component(2).value }
    /// XAD.3.
    public var city: Value { repetition.component(3).value }
    /// XAD.4.
    public var state: Value { repetition.component(4).value }
    /// XAD.5, postal code.
    public var postalCode: Value { repetition.component(5).value }
    /// XAD.6, ISO 3166 country.
    public var country: String? { repetition.component(6).text }
    /// XAD.7, table 0190.
    public var typeCode: String? { repetition.component(7).text }
    /// XAD.9, county or parish: in France the COG code of the commune.
    public var countyCode: Value { repetition.component(9).value }
    /// The whole address is the null value: delete the address of this field.
    public var isNull: Bool { repetition.raw == "\"\"" }
}
