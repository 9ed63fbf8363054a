/// Where in the hospital a patient is (type PL): PV1-3.
public struct PL: Sendable, Hashable {
    /// What it was read from.
    public let repetition: Repetition

    public init(_ repetition: Repetition) {
        self.repetition = repetition
    }

    /// PL.1, point of care: in France the code of the lodging unit.
    public var pointOfCare: Value { repetition.component(1).value }
    /// PL.2.
    public var room: Value { repetition.component(2).value }
    /// PL.3.
    public var bed: Value { repetition.component(3).value }
    /// PL.4, facility.
    public var facility: HD { HD(repetition.component(4)) }
    /// PL.5, `O` occupied, `L` free.
    public var status: String? { repetition.component(5).text }
    /// PL.7.
    public var building: String? { repetition.component(7).text }
    /// PL.8.
    public var floor: String? { repetition.component(8).text }
    /// PL.9, in words.
    public var locationDescription: String? { repetition.component(9).text }
}
