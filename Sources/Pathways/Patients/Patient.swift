/// What is known of a patient, folded from their stream: every statement, in the order in which the hospital made them, whatever the
/// order in which they came (I5); over them the corrections; and whether the patient opposes.
public struct Patient: Hashable, Sendable {
    /// Every statement that added something, in the order in which they were made: what another log is told of the patient.
    public private(set) var statements: [PatientIdentified] = []
    /// Every correction, in the order in which they were made: told to another log too.
    public private(set) var corrections: [IdentityCorrected] = []
    /// What all statements so far say together; nil if none.
    private var stated: PatientIdentity?
    /// What is known: the statements, and over them what was corrected; nil before the first statement.
    public private(set) var identity: PatientIdentity?
    /// The opposition in force.
    public private(set) var opposition: OppositionRecorded?

    public init() {}

    public init(folding events: some Sequence<PatientIdentified>) {
        for event in events { evolve(with: event) }
    }

    /// Whether who they are must be masked from those who work with the lists. The log's auditors see it.
    public var isOpposed: Bool { opposition != nil }

    /// The identity as lists and pages may show it; nil while it is masked or unknown.
    public var shownIdentity: PatientIdentity? { isOpposed ? nil : identity }

    public mutating func evolve(with event: PatientIdentified) {
        let index = statements.firstIndex { event.statement < $0.statement } ?? statements.endIndex
        statements.insert(event, at: index)
        stated = statements.dropFirst().reduce(statements.first?.identity) { known, next in known?.overlaid(by: next.identity) }
        correct()
    }

    public mutating func evolve(with event: PatientEvent) {
        switch event {
        case .identified(let body): evolve(with: body)
        case .identityCorrected(let body):
            corrections.append(body)
            correct()
        case .oppositionRecorded(let body): opposition = body
        case .oppositionLifted: opposition = nil
        }
    }

    /// Takes in an event of the patient's stream; nothing for any other.
    public mutating func evolve(with event: DomainEvent) {
        switch event {
        case .patientIdentified(let body): evolve(with: body)
        case .identityCorrected(let body): evolve(with: PatientEvent.identityCorrected(body))
        case .oppositionRecorded(let body): evolve(with: PatientEvent.oppositionRecorded(body))
        case .oppositionLifted(let body): evolve(with: PatientEvent.oppositionLifted(body))
        case .streamErased: self = Patient()
        case .pathway, .messageReceived, .commandKeyReused, .territoryPublished, .protocolPublished, .patientErased, .parkingDiscarded: break
        }
    }

    private mutating func correct() {
        identity = stated.map { stated in corrections.reduce(stated) { $1.correction.corrected($0) } }
    }

    // MARK: - Deciding

    /// - Returns: nothing when the statement adds nothing to what was stated.
    public func decide(_ statement: PatientIdentified) -> PatientIdentified? {
        var after = self
        after.evolve(with: statement)
        return after.stated == stated ? nil : statement
    }

    /// Whether a wanted event is to be recorded.
    ///
    /// - Returns: nothing when it changes nothing.
    /// - Throws: `Rejection` when nothing is known of the patient, or nothing is corrected.
    public func decide(_ wanted: PatientEvent) throws(Rejection) -> PatientEvent? {
        if case .identified(let statement) = wanted { return decide(statement).map(PatientEvent.identified) }
        guard identity != nil else { throw Rejection(.unknownPatient, "nothing is known of this patient; check the id") }
        switch wanted {
        case .oppositionRecorded: return isOpposed ? nil : wanted
        case .oppositionLifted: return isOpposed ? wanted : nil
        case .identityCorrected(let body):
            guard !body.correction.isEmpty else {
                throw Rejection(.nothingToCorrect, "a correction names at least one member of the identity")
            }
            // The same value as stated is still worth recording: from here on the feed cannot change it.
            return corrections.last?.correction == body.correction ? nil : wanted
        case .identified: return nil
        }
    }
}
