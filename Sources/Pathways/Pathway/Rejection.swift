/// Why a command is refused: a stable code for programs, and words for people in English (screens have their own, in French).
public struct Rejection: Error, Hashable, Sendable, CustomStringConvertible {
    public struct Code: RawRepresentable, Hashable, Sendable {
        public let rawValue: String
        public init(rawValue: String) { self.rawValue = rawValue }

        public static let unknownPathway = Self(rawValue: "unknown-pathway")
        public static let unknownFollowUp = Self(rawValue: "unknown-follow-up")
        public static let unknownProtocol = Self(rawValue: "unknown-protocol")
        /// ZBE-1 was used for another movement: table 0357 code 205.
        public static let movementKeyReused = Self(rawValue: "movement-key-reused")
        /// The visit is another patient's: table 0357 code 204.
        public static let visitOfAnotherPatient = Self(rawValue: "visit-of-another-patient")
        public static let notOffered = Self(rawValue: "not-offered")
        /// Somebody else was first.
        public static let alreadyAccepted = Self(rawValue: "already-accepted")
        public static let notYours = Self(rawValue: "not-yours")
        /// The patient is back in hospital: the follow-up waits.
        public static let onHold = Self(rawValue: "on-hold")
        /// Only the référent-parcours may.
        public static let referentOnly = Self(rawValue: "referent-only")
        /// A pathway is not closed while something is to be done.
        public static let stillPending = Self(rawValue: "still-pending")
        /// It must be reopened first.
        public static let pathwayClosed = Self(rawValue: "pathway-closed")
        public static let unknownReport = Self(rawValue: "unknown-report")
        public static let unknownProfessional = Self(rawValue: "unknown-professional")
        public static let unknownAbsence = Self(rawValue: "unknown-absence")
        /// An absence that ends before it begins, or whose replacement cannot take the place.
        public static let invalidAbsence = Self(rawValue: "invalid-absence")
        /// A channel without an address of its kind, or to where this territory sends nothing.
        public static let invalidAddress = Self(rawValue: "invalid-address")
        /// This installation has no such channel, or may not use it for the address.
        public static let unreachableChannel = Self(rawValue: "unreachable-channel")
        /// One kind of channel, or one template, is written twice.
        public static let writtenTwice = Self(rawValue: "written-twice")
        public static let unknownTemplate = Self(rawValue: "unknown-template")
        /// What asks for something, or is urgent, cannot be muted.
        public static let notMutable = Self(rawValue: "not-mutable")
        /// No message of this id was received, or handed over.
        public static let unknownMessage = Self(rawValue: "unknown-message")
        /// An id of a message stands for something else already, or the fact is of somebody else.
        public static let messageReused = Self(rawValue: "message-reused")
        /// What is told of a message cannot be.
        public static let invalidFact = Self(rawValue: "invalid-fact")
        /// The number of a version was used for another content.
        public static let versionPublished = Self(rawValue: "version-published")
        public static let alreadyClosed = Self(rawValue: "already-closed")
        public static let notDischarged = Self(rawValue: "not-discharged")
        public static let notAdmitted = Self(rawValue: "not-admitted")
        /// Another territory goes on with the pathway.
        public static let handedOver = Self(rawValue: "handed-over")
        public static let beforeDischarge = Self(rawValue: "before-discharge")
        public static let unknownPatient = Self(rawValue: "unknown-patient")
        /// A merge or a move names one number twice.
        public static let samePatient = Self(rawValue: "same-patient")
        /// A merge is undone that is not in force.
        public static let notMerged = Self(rawValue: "not-merged")
        public static let nothingToCorrect = Self(rawValue: "nothing-to-correct")
        public static let unknownEntry = Self(rawValue: "unknown-entry")
        /// Only notes can be taken back.
        public static let notANote = Self(rawValue: "not-a-note")
    }

    public let code: Code
    public let message: String

    public init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }

    public var description: String { "\(code.rawValue): \(message)" }
}
