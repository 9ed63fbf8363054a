/// What checking a key store found.
public struct VaultReport: Sendable, Hashable {
    /// A fault, and whose row has it.
    public struct Problem: Sendable, Hashable, CustomStringConvertible {
        /// nil = not of one key.
        public var keyID: String?
        public var problem: String

        public var description: String { keyID.map { "key \($0): \(problem)" } ?? problem }
    }

    /// Problems listed at most; all are counted.
    public static let problemLimit = 1000

    /// Live keys that were read and unwrapped.
    public internal(set) var liveKeys = 0
    /// Tombstones.
    public internal(set) var destroyedKeys = 0
    public internal(set) var problems: [Problem] = []
    public internal(set) var problemCount = 0
    /// Id of the master key that wraps the keys.
    public let masterID: String

    public var isSound: Bool { problemCount == 0 }

    init(masterID: String) {
        self.masterID = masterID
    }

    mutating func add(_ keyID: String?, _ problem: String) {
        problemCount += 1
        if problems.count < Self.problemLimit { problems.append(Problem(keyID: keyID, problem: problem)) }
    }
}
