/// What a look at a territory's topics showed.
public struct TopicReport: Sendable, Hashable {
    /// One thing that is not as it should be.
    public struct Finding: Sendable, Hashable, CustomStringConvertible {
        public var topic: String
        /// What, and what it should be.
        public var problem: String
        /// Events could be lost, or be in the wrong place: not to be used like this.
        public var isSevere: Bool

        public var description: String { "\(topic): \(problem)" }
    }

    /// Topics that were made now.
    public var created: [String] = []
    public var findings: [Finding] = []
    /// Topics whose settings the broker would not tell.
    public var unknown: [String] = []

    public var isSound: Bool { !findings.contains(where: \.isSevere) }
}
