/// Why a text is not the identifier it claims to be.
///
/// The value itself is never part of the error: an INS identifies a patient, and errors end in logs.
public struct IdentifierError: Error, Sendable, Hashable, CustomStringConvertible {
    /// What kind of fault it is; more may be added without breaking a caller.
    public struct Code: Sendable, Hashable, CustomStringConvertible {
        private enum Fault: String {
            case length, characters, checkDigit, unknownSystem, range
        }

        private let fault: Fault

        /// The number of characters is wrong.
        public static let length = Code(fault: .length)
        /// A character stands where the format does not allow it.
        public static let characters = Code(fault: .characters)
        /// The key does not match the other characters.
        public static let checkDigit = Code(fault: .checkDigit)
        /// The OID or the prefix that says which identifier it is belongs to none that we know.
        public static let unknownSystem = Code(fault: .unknownSystem)
        /// The characters are well formed but name something that does not exist (a département 00).
        public static let range = Code(fault: .range)

        public var description: String { fault.rawValue }
    }

    /// The kind of fault; two errors of the same identifier and code are the same fault.
    public let code: Code
    /// The identifier expected: `INS`, `RPPS`, `FINESS`, `ADELI`, `IDNPS` or `COG`.
    public let identifier: String
    /// What is wrong and what would be right, in English, without the value.
    public let message: String

    public var description: String { "\(identifier): \(message)" }

    init(_ code: Code, in identifier: String, _ message: String) {
        self.code = code
        self.identifier = identifier
        self.message = message
    }
}
