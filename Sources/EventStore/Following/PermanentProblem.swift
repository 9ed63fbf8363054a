/// An effect that trying again would not mend, so that its event is parked.
public struct PermanentProblem: Error, Sendable, Hashable, CustomStringConvertible {
    /// What is wrong and where; nothing about a patient.
    public let description: String

    public init(_ description: String) {
        self.description = description
    }
}
