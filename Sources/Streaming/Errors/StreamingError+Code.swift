extension StreamingError {
    /// The kinds of error; more may be added.
    public struct Code: Sendable, Hashable, CustomStringConvertible {
        private enum Kind: String {
            case invalidRequest, malformedRecord, wrongTerritory, forked, missingRecords, replaced, fenced, topicMissing, topicSettings, stalled
        }

        private let kind: Kind

        private init(_ kind: Kind) { self.kind = kind }

        public var description: String { kind.rawValue }

        /// A name or a number that cannot be used as it is.
        public static let invalidRequest = Code(.invalidRequest)
        /// A record that is not of the format in `schemas/asyncapi.yaml`: somebody else writes to the topic, or a later release.
        public static let malformedRecord = Code(.malformedRecord)
        /// A record of another territory's log.
        public static let wrongTerritory = Code(.wrongTerritory)
        /// Two writers have something different in the same place: nothing more is taken in until somebody has looked.
        public static let forked = Code(.forked)
        /// Records that must have been there are not: the topic was cut, or is read from the wrong place.
        public static let missingRecords = Code(.missingRecords)
        /// The topic has a newer writer than this log: demote it, then follow.
        public static let replaced = Code(.replaced)
        /// Another relay of the same territory took over; only one may run.
        public static let fenced = Code(.fenced)
        /// A topic is not there: create the territory's topics first.
        public static let topicMissing = Code(.topicMissing)
        /// A topic is there and is not what the design needs.
        public static let topicSettings = Code(.topicSettings)
        /// The process did not run for so long that others may do its work by now: it begins anew.
        public static let stalled = Code(.stalled)
    }
}
