/// What checking a log found.
public struct VerificationReport: Sendable, Hashable {
    /// Something that is not as the log wrote it.
    public struct Problem: Sendable, Hashable, CustomStringConvertible {
        /// Where in the log; nil if it concerns no single position.
        public var position: Int64?
        /// `table.column`; `event` when a row's content, whichever column, is not what its leaf covers.
        public var column: String
        /// What is wrong, without stored data.
        public var detail: String

        public init(position: Int64?, column: String, detail: String) {
            self.position = position
            self.column = column
            self.detail = detail
        }

        public var description: String {
            "\(position.map { "position \($0), " } ?? "")\(column): \(detail)"
        }
    }

    /// The head the log was checked against.
    public var head: LogHead
    /// Events read.
    public var eventCount: Int64
    /// The problems found, at most ``problemLimit`` of them.
    public var problems: [Problem]
    /// Problems found, listed or not.
    public var problemCount: Int

    /// More problems than this are counted, not listed.
    public static let problemLimit = 1000

    /// Whether everything is as it was written. A copy that is older but whole is sound too: only a checkpoint kept
    /// elsewhere proves growth.
    public var isSound: Bool { problemCount == 0 }

    init(head: LogHead, eventCount: Int64, parts: [Findings]) {
        var findings = Findings()
        for part in parts { findings.add(part) }
        self.head = head
        self.eventCount = eventCount
        problems = findings.list
        problemCount = findings.count
    }
}
