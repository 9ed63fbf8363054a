/// Why sealing, opening or erasing was refused or failed. Equality is on ``code`` alone. Texts carry no key and nothing
/// about a person; key ids are public.
///
/// Trouble with the file itself (disk full, damage, another owner) is an `EventStoreError`, as it is from the log, so that
/// one handler treats both.
public struct SealingError: Error, Sendable, Hashable, CustomStringConvertible {
    /// What went wrong, to decide by.
    public let code: Code
    /// What, where, and what to do about it.
    public let message: String
    /// `unknownKey`, `keyDestroyed`, `notAuthentic`: which data key.
    public let keyID: String?
    /// `wrongMasterKey`: the master key that is asked for, and the one that was given.
    public let masterKeys: MasterKeyMismatch?

    /// Ids of master keys that should be one and are not.
    public struct MasterKeyMismatch: Sendable, Hashable {
        /// The master key that the key store is wrapped under.
        public var wanted: String
        /// The master key that was given.
        public var given: String

        public init(wanted: String, given: String) {
            self.wanted = wanted
            self.given = given
        }
    }

    public init(_ code: Code, _ message: String, keyID: String? = nil, masterKeys: MasterKeyMismatch? = nil) {
        self.code = code
        self.message = message
        self.keyID = keyID
        self.masterKeys = masterKeys
    }

    public var description: String { "\(code): \(message)" }

    public static func == (left: SealingError, right: SealingError) -> Bool {
        left.code == right.code
    }

    public func hash(into hasher: inout Hasher) {
        hasher.combine(code)
    }
}

extension SealingError {
    static func unknownKey(_ id: String) -> SealingError {
        SealingError(
            .unknownKey,
            "The key store has never held key \(id): restore the keys.sqlite that was backed up after this log last issued it.",
            keyID: id
        )
    }

    static func wrongMasterKey(wanted: String, given: String) -> SealingError {
        SealingError(
            .wrongMasterKey,
            "keys.sqlite is wrapped under master key \(wanted), master key \(given) was given: give the former.",
            masterKeys: MasterKeyMismatch(wanted: wanted, given: given)
        )
    }

    static let held = SealingError(
        .held,
        "An erasure withholds the keys of this stream or patient for longer than a caller waits: nothing was recorded, repeat in a minute."
    )

    static let readOnly = SealingError(.readOnly, "The key store was opened for reading only: open it for writing.")
}
