/// Why a proof, a note or a bundle was refused or could not be made. Equality is on ``code`` alone. Texts carry no payload
/// and nothing about a person.
public struct TransparencyError: Error, Sendable, Hashable, CustomStringConvertible {
    /// What went wrong, to decide by.
    public let code: Code
    /// What, where, and what to do about it.
    public let message: String

    public init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }

    public var description: String { "\(code): \(message)" }

    public static func == (left: TransparencyError, right: TransparencyError) -> Bool {
        left.code == right.code
    }

    public func hash(into hasher: inout Hasher) {
        hasher.combine(code)
    }

    /// The kinds of error; more may be added.
    public struct Code: Sendable, Hashable, CustomStringConvertible {
        private enum Kind: String {
            case malformed, invalidKey, notSigned, badSignature, beyondLog, inconsistent, storageUnavailable
        }

        private let kind: Kind

        private init(_ kind: Kind) { self.kind = kind }

        public var description: String { kind.rawValue }

        /// Text that is not in the format it should be.
        public static let malformed = Code(.malformed)
        /// A key, or the name of one, that cannot be used.
        public static let invalidKey = Code(.invalidKey)
        /// A note without a signature of a trusted key.
        public static let notSigned = Code(.notSigned)
        /// A note with the signature of a trusted key over something else.
        public static let badSignature = Code(.badSignature)
        /// A position, size or tile that the log does not have yet.
        public static let beyondLog = Code(.beyondLog)
        /// The log's leaves do not give the root in its head: run verify.
        public static let inconsistent = Code(.inconsistent)
        /// A file or database could not be read or written.
        public static let storageUnavailable = Code(.storageUnavailable)
    }
}
