/// Why the event store refused or failed. Equality is on ``code`` alone. Texts carry no payload, key or identifier
/// of a person.
public struct EventStoreError: Error, Sendable, Hashable, CustomStringConvertible {
    /// What went wrong, to decide by.
    public let code: Code
    /// What, where, and what to do about it.
    public let message: String
    /// Facts to act on; which are set depends on the code.
    public let facts: Facts

    /// The numbers behind an error.
    public struct Facts: Sendable, Hashable {
        /// `wrongExpectedVersion`: which stream, what was expected, what its last version is.
        public var stream: StreamID?
        public var expected: ExpectedVersion?
        public var actualVersion: Int64?
        /// `corrupted`, `commandKeyReused`, `forked`, `invalidBatch`: where in the log. `missingEvents`: the first that is missing.
        public var position: Int64?
        /// `ownedByAnother`: the process that holds the directory, as it wrote itself down.
        public var processID: Int32?
        /// `ownedByAnother`, `staleEpoch`: the epoch that fences this writer off.
        public var epoch: Int64?
        /// SQLite's extended result code.
        public var sqliteCode: Int32?

        public init() {}
    }

    public init(_ code: Code, _ message: String, facts: Facts = Facts()) {
        self.code = code
        self.message = message
        self.facts = facts
    }

    public var description: String { "\(code): \(message)" }

    public static func == (left: EventStoreError, right: EventStoreError) -> Bool {
        left.code == right.code
    }

    public func hash(into hasher: inout Hasher) {
        hasher.combine(code)
    }
}

/// Lets `catch EventStoreError.Code.diskFull` match by code.
public func ~= (code: EventStoreError.Code, error: any Error) -> Bool {
    (error as? EventStoreError)?.code == code
}
