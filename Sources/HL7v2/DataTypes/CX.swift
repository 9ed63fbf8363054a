/// An identifier with the authority that gives it and its kind (PAM France annex N, type CX): PID-3, PID-18, PV1-19.
public struct CX: Sendable, Hashable {
    /// What it was read from.
    public let repetition: Repetition

    public init(_ repetition: Repetition) {
        self.repetition = repetition
    }

    /// CX.1, the identifier; null deletes it.
    public var id: Value { repetition.component(1).value }
    /// CX.2, check digit.
    public var checkDigit: String? { repetition.component(2).text }
    /// CX.3, check digit scheme.
    public var checkDigitScheme: String? { repetition.component(3).text }
    /// CX.4, assigning authority.
    public var authority: HD { HD(repetition.component(4)) }
    /// CX.5, table 0203: `PI`, `INS`, `AN`, `VN`…
    public var typeCode: String? { repetition.component(5).text }
    /// CX.6, assigning facility.
    public var facility: HD { HD(repetition.component(6)) }
    /// CX.7, first day of validity.
    public var effectiveDate: Timestamp? { repetition.component(7).text.flatMap { Timestamp($0) } }
    /// CX.8, last day of validity.
    public var expirationDate: Timestamp? { repetition.component(8).text.flatMap { Timestamp($0) } }
}
