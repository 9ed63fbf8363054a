extension SealingError {
    /// The kinds of error; more may be added.
    public struct Code: Sendable, Hashable, CustomStringConvertible {
        private enum Kind: String {
            case noKeyStore, wrongMasterKey, invalidMasterKey, masterKeyUnavailable
            case unknownKey, keyDestroyed, notAuthentic, notSealed, readOnly, tracesRemain, held, conflictingKey
        }

        private let kind: Kind

        private init(_ kind: Kind) { self.kind = kind }

        public var description: String { kind.rawValue }

        /// There is no `keys.sqlite` there, or it is something else.
        public static let noKeyStore = Code(.noKeyStore)
        /// The key store is wrapped under another master key.
        public static let wrongMasterKey = Code(.wrongMasterKey)
        /// What was given as a master key is not 32 bytes from a random source.
        public static let invalidMasterKey = Code(.invalidMasterKey)
        /// The master key could not be had from where it is kept.
        public static let masterKeyUnavailable = Code(.masterKeyUnavailable)
        /// A data key that this key store never held: it is older than the log, or of another log.
        public static let unknownKey = Code(.unknownKey)
        /// The data key was destroyed since it was given out: ask for another.
        public static let keyDestroyed = Code(.keyDestroyed)
        /// Sealed bytes, their key and their associated data do not belong together: run verify.
        public static let notAuthentic = Code(.notAuthentic)
        /// Sealing was asked for without a key: nothing is written in clear by mistake.
        public static let notSealed = Code(.notSealed)
        /// The key store was opened for reading.
        public static let readOnly = Code(.readOnly)
        /// A key was not given because an erasure withholds those of this stream or patient: nothing was recorded; repeat.
        public static let held = Code(.held)
        /// The keys are destroyed for good, but their wrapped bytes may stay in the write-ahead log until whoever reads
        /// the file lets go of it: destroy again.
        public static let tracesRemain = Code(.tracesRemain)
        /// A key that came from elsewhere has the id of another stream's key.
        public static let conflictingKey = Code(.conflictingKey)
    }
}

/// Lets `catch SealingError.Code.unknownKey` match by code.
public func ~= (code: SealingError.Code, error: any Error) -> Bool {
    (error as? SealingError)?.code == code
}
