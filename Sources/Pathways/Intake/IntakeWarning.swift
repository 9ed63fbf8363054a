/// A defect that did not prevent a message from being used. The codes are stable: in the event, the acknowledgement and the counters.
public struct IntakeWarning: Hashable, Sendable {
    public struct Code: RawRepresentable, Hashable, Sendable {
        public let rawValue: String
        public init(rawValue: String) { self.rawValue = rawValue }

        public static let nonConformantTrigger = Self(rawValue: "non-conformant-trigger")
        public static let controlIDReused = Self(rawValue: "control-id-reused")
        public static let insKeyInvalid = Self(rawValue: "ins-key-invalid")
        public static let insMalformed = Self(rawValue: "ins-malformed")
        public static let insNotValidated = Self(rawValue: "ins-not-validated")
        public static let insOIDEnvironment = Self(rawValue: "ins-oid-environment")
        public static let zbe3Valued = Self(rawValue: "zbe3-valued")
        public static let zbe6Derived = Self(rawValue: "zbe6-derived")
        /// A field of ZBE is missing, and the site profile lets it be derived from the trigger, EVN and PV1.
        public static let zbeDerived = Self(rawValue: "zbe-derived")
        public static let structureMismatch = Self(rawValue: "structure-mismatch")
        public static let codeOutsideTable = Self(rawValue: "code-outside-table")
        public static let futureDate = Self(rawValue: "future-date")
        public static let dischargeBeforeAdmission = Self(rawValue: "discharge-before-admission")
        public static let ambiguousTime = Self(rawValue: "ambiguous-time")
        public static let charsetMismatch = Self(rawValue: "charset-mismatch")
        public static let terminators = Self(rawValue: "terminators")
        public static let delimiters = Self(rawValue: "delimiters")
        public static let evn1Mismatch = Self(rawValue: "evn1-mismatch")
        /// The same movement again, as PAM France §5.3.1 allows.
        public static let movementRepeated = Self(rawValue: "movement-repeated")
        /// MSH-3/MSH-4 are not in the territory file; taken in a test environment only.
        public static let unknownSender = Self(rawValue: "unknown-sender")
        /// Neither a stay, nor a patient, nor a home address told which of the feed's territories it is for: the first one took it.
        public static let territoryAssumed = Self(rawValue: "territory-assumed")
    }

    public let code: Code
    /// Where: `PID-32`, `ZBE-3`.
    public let location: String?

    public init(_ code: Code, at location: String? = nil) {
        self.code = code
        self.location = location
    }

    init(from json: JSONObject) throws(CodecError) {
        self.init(Code(rawValue: try json.string("code")), at: try json.optionalString("location"))
    }

    func write(to json: inout JSONWriter) {
        json.write("code", code.rawValue)
        json.write("location", location)
    }
}
