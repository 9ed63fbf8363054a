/// What checking a key store against its log found.
public struct KeyReport: Sendable, Hashable {
    /// A key that is not as the log says.
    public struct Problem: Sendable, Hashable, CustomStringConvertible {
        /// As in the envelope's `keyid`; nil = not of one key.
        public let keyID: String?
        /// Where in the log; nil = not of one event.
        public let position: Int64?
        public let detail: String

        public init(keyID: String?, position: Int64? = nil, detail: String) {
            self.keyID = keyID
            self.position = position
            self.detail = detail
        }

        public var description: String {
            [position.map { "position \($0)" }, keyID.map { "key \($0)" }].compactMap(\.self).map { "\($0), " }.joined() + "keys: \(detail)"
        }
    }

    /// Problems listed at most, a key once; what is beyond is not counted.
    public static let problemLimit = 1000

    /// Sealed events and answers whose key was looked up.
    public internal(set) var uses: Int64 = 0
    /// Keys that the register of erasures says were destroyed.
    public internal(set) var erasedKeys = 0
    public private(set) var problems: [Problem] = []

    /// Nothing looked up yet.
    public init() {}

    /// Whether every key is there, or destroyed and recorded as erased.
    public var isSound: Bool { problems.isEmpty }

    /// Adds a problem, unless there are ``problemLimit`` already.
    public mutating func add(_ problem: Problem) {
        if problems.count < Self.problemLimit { problems.append(problem) }
    }
}
