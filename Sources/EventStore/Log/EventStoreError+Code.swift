extension EventStoreError {
    /// The kinds of error; more may be added.
    public struct Code: Sendable, Hashable, CustomStringConvertible {
        private enum Kind: String {
            case wrongExpectedVersion, commandKeyReused, duplicateEventID, invalidEvent, invalidRequest
            case storageUnavailable, diskFull, durabilityLowered, ownedByAnother, corrupted
            case schemaTooNew, schemaTooOld, wrongLog, notALog, closed, checkpointAhead
            case notTheWriter, notPromoted, notAReplica, forked, missingEvents, staleEpoch, invalidBatch
        }

        private let kind: Kind

        private init(_ kind: Kind) { self.kind = kind }

        public var description: String { kind.rawValue }

        /// The stream is not at the version the decision was made on: load it again, decide again.
        public static let wrongExpectedVersion = Code(.wrongExpectedVersion)
        /// The idempotency key was used before with another body.
        public static let commandKeyReused = Code(.commandKeyReused)
        /// An event id that the log already has.
        public static let duplicateEventID = Code(.duplicateEventID)
        /// An event that cannot be recorded as it is: an empty type or source, or too large.
        public static let invalidEvent = Code(.invalidEvent)
        /// A request that contradicts itself.
        public static let invalidRequest = Code(.invalidRequest)
        /// The disk or the database refused; nothing was acknowledged. The log resumes by itself: repeat under the same command key.
        public static let storageUnavailable = Code(.storageUnavailable)
        /// No room left; nothing was acknowledged. Works again once there is room.
        public static let diskFull = Code(.diskFull)
        /// SQLite would not promise that a commit survives a power loss.
        public static let durabilityLowered = Code(.durabilityLowered)
        /// Another process, or a later opening, owns the log.
        public static let ownedByAnother = Code(.ownedByAnother)
        /// Stored bytes are not what the log wrote: run verify.
        public static let corrupted = Code(.corrupted)
        /// The log was written by a later release.
        public static let schemaTooNew = Code(.schemaTooNew)
        /// The log was written by an earlier release, and what was asked needs it brought up to date: open it for writing.
        public static let schemaTooOld = Code(.schemaTooOld)
        /// The directory holds the log of another territory.
        public static let wrongLog = Code(.wrongLog)
        /// There is no log there.
        public static let notALog = Code(.notALog)
        /// The log was closed by its owner: open it again.
        public static let closed = Code(.closed)
        /// A follower's checkpoint, or a backup, is beyond the log's end: the log was restored to an older copy.
        public static let checkpointAhead = Code(.checkpointAhead)
        /// The log is a copy that takes in what its writer records: append there, or promote it.
        public static let notTheWriter = Code(.notTheWriter)
        /// The directory holds a copy of a log that is written elsewhere, and was to be opened for writing: promote it first.
        public static let notPromoted = Code(.notPromoted)
        /// The log is one that is written, and was to take in what another writer recorded: demote it first.
        public static let notAReplica = Code(.notAReplica)
        /// Two logs have something different in the same place: one of them must set its tail aside.
        public static let forked = Code(.forked)
        /// A batch does not begin where the copy ends: events in between have not come.
        public static let missingEvents = Code(.missingEvents)
        /// A batch of a writer that another has replaced.
        public static let staleEpoch = Code(.staleEpoch)
        /// A batch that contradicts itself or its hashes: it was changed on its way.
        public static let invalidBatch = Code(.invalidBatch)
    }
}
