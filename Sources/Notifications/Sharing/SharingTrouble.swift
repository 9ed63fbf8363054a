/// The nodes that share the work cannot be told, or do not answer: it is tried again.
public struct SharingTrouble: Error, Hashable, Sendable, CustomStringConvertible {
    /// What could not be done, and why.
    public let reason: String

    public init(_ reason: String) { self.reason = reason }

    public var description: String { reason }
}
