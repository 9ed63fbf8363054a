/// What checking an audit bundle found.
public struct AuditBundleReport: Sendable, Hashable {
    /// Something that is not as it was written.
    public struct Problem: Sendable, Hashable, CustomStringConvertible {
        /// Path in the bundle.
        public var file: String
        /// What is wrong, without what the file holds.
        public var detail: String

        public var description: String { "\(file): \(detail)" }
    }

    /// The log's state that the events are proven to be part of; nil if it could not be read.
    public internal(set) var checkpoint: Checkpoint?
    public internal(set) var eventCount = 0
    /// Events whose clear text is proven to be what is stored.
    public internal(set) var provenTexts = 0
    /// Events whose clear text is only stated: their data key is not in the bundle.
    public internal(set) var statedTexts = 0
    /// Events without a clear text: erased.
    public internal(set) var erasedTexts = 0
    public internal(set) var problems: [Problem] = []

    public var isSound: Bool { problems.isEmpty }
}
