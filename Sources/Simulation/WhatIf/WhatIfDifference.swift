/// A decision that comes out otherwise than it was recorded. It quotes nothing of a patient: a place, types and the name of a field.
public struct WhatIfDifference: Hashable, Sendable, CustomStringConvertible {
    /// Of the first event that differs; of the last event before, where history lacks one.
    public let position: Int64
    /// Hexadecimal.
    public let pathway: String
    public let problem: String

    public var description: String { "position \(position), pathway \(pathway): \(problem)" }
}
