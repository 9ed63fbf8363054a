/// What is known of a patient under one local number, folded from its stream: every statement, in the order in which the hospital made
/// them, whatever the order in which they came (I5); over them the corrections; whether the patient opposes; the visits, dossiers that
/// were moved, and the numbers that are merged with this one.
public struct Patient: Hashable, Sendable {
    /// Its stream id, hexadecimal: tells which side of a merge it is.
    private let stream: String?
    /// The statements that something known still comes from, in the order in which they were made: what another log is told of the
    /// patient. There are a few at most, however many the hospital made.
    public private(set) var statements: [PatientIdentified] = []
    /// Every correction, in the order in which they were made: told to another log too.
    public private(set) var corrections: [IdentityCorrected] = []
    /// What all statements so far say together; nil if none.
    private(set) var stated: PatientIdentity?
    /// What is known: the statements, and over them what was corrected; nil before the first statement.
    public private(set) var identity: PatientIdentity?
    /// The bases of sharing in force, in the order in which they were recorded; one of each kind.
    public private(set) var consents: [ConsentRecorded] = []
    /// The opposition in force.
    public private(set) var opposition: OppositionRecorded?
    /// The visits known under this number, those whose dossier was moved away since included.
    public private(set) var visits: [VisitRegistered] = []
    private var visitIndex: [String: Int] = [:]
    /// A44, either way, in the order in which the hospital stated them.
    public private(set) var movedDossiers: [DossierMoved] = []
    /// Merges and their undoing, either way, in the order in which they were stated.
    public private(set) var linkChanges: [PatientLinkChange] = []
    /// Whether any statement ever said that the patient is dead, even if that was taken back since.
    public private(set) var wasStatedDeceased = false

    /// - Parameter stream: its stream id, hexadecimal; without it the side of a merge is told by the local number.
    public init(stream: String? = nil) { self.stream = stream }

    public init(folding events: some Sequence<PatientIdentified>) {
        self.init()
        for event in events { evolve(with: event) }
    }

    /// Whether who they are must be masked from those who work with the lists. The log's auditors see it.
    public var isOpposed: Bool { opposition != nil }

    /// The identity as lists and pages may show it; nil while it is masked or unknown.
    public var shownIdentity: PatientIdentity? { isOpposed ? nil : identity }

    /// Whether anything was stated under this number.
    public var isKnown: Bool { identity != nil || !visits.isEmpty }

    /// The number under which the patient goes on, if this one is retired (A40). It may be retired itself: `PatientLinks` follows.
    public var mergedInto: PatientLink? { mergeInForce?.survivor }

    /// The merge that retires this number.
    public var mergeInForce: PatientsMerged? {
        if case .merged(let merge) = latestRetirement { merge } else { nil }
    }

    /// What decides whether this number is retired.
    var latestRetirement: PatientLinkChange? { linkChanges.last { isOwn($0.retired) } }

    /// Numbers that were merged into this one. One of them may have been merged into yet another since, which its own stream says.
    public var aliases: [PatientLink] {
        var aliases: [PatientLink] = []
        for change in linkChanges where isOwn(change.survivor) {
            aliases.removeAll { $0 == change.retired }
            if change.isMerge { aliases.append(change.retired) }
        }
        return aliases
    }

    /// Whether the patient is dead, and which statement says so; nil if none says either way.
    public var death: (isDeceased: Bool, statement: Statement)? {
        statements.last { $0.identity.deceased != nil }.flatMap { last in last.identity.deceased.map { ($0, last.statement) } }
    }

    /// The visit of a pathway.
    /// - Parameter pathwayStream: its stream id, hexadecimal.
    public func visit(_ pathwayStream: String) -> VisitRegistered? { visitIndex[pathwayStream].map { visits[$0] } }

    /// The last word on whose dossier it is; nil if it was never moved.
    public func lastMove(of account: LocalIdentifier) -> DossierMoved? { movedDossiers.last { $0.account == account } }

    private func isOwn(_ link: PatientLink) -> Bool {
        stream.map { $0 == link.stream } ?? (identity?.identifier == link.identifier)
    }

    // MARK: - Folding

    public mutating func evolve(with event: PatientIdentified) {
        if event.identity.deceased == true { wasStatedDeceased = true }
        let index = statements.firstIndex { event.statement < $0.statement } ?? statements.endIndex
        statements.insert(event, at: index)
        forgetSuperseded()
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
        case .visitRegistered(let body): register(body)
        case .dossierMoved(let body):
            let index = movedDossiers.firstIndex { body.statement < $0.statement } ?? movedDossiers.endIndex
            movedDossiers.insert(body, at: index)
        case .patientsMerged(let body): link(.merged(body))
        case .mergeUndone(let body): link(.undone(body))
        case .consentRecorded(let body):
            consents.removeAll { $0.basis == body.basis }
            consents.append(body)
        case .consentWithdrawn(let body): consents.removeAll { $0.basis == body.basis }
        }
    }

    /// Takes in an event of the patient's stream; nothing for any other.
    public mutating func evolve(with event: DomainEvent) {
        switch event {
        case .patientIdentified(let body): evolve(with: body)
        case .identityCorrected(let body): evolve(with: PatientEvent.identityCorrected(body))
        case .oppositionRecorded(let body): evolve(with: PatientEvent.oppositionRecorded(body))
        case .oppositionLifted(let body): evolve(with: PatientEvent.oppositionLifted(body))
        case .visitRegistered(let body): evolve(with: PatientEvent.visitRegistered(body))
        case .dossierMoved(let body): evolve(with: PatientEvent.dossierMoved(body))
        case .patientsMerged(let body): evolve(with: PatientEvent.patientsMerged(body))
        case .mergeUndone(let body): evolve(with: PatientEvent.mergeUndone(body))
        case .consentRecorded(let body): evolve(with: PatientEvent.consentRecorded(body))
        case .consentWithdrawn(let body): evolve(with: PatientEvent.consentWithdrawn(body))
        case .streamErased: self = Patient(stream: stream)
        case .pathway, .messageReceived, .messageRepaired, .messageDiscarded, .commandKeyReused, .territoryPublished, .protocolPublished,
            .siteProfilePublished, .patientErased, .parkingDiscarded, .absenceDeclared, .absenceEnded, .channelsSet, .messageHandedOver,
            .messageDelivered, .messageOpened, .messageBounced, .messageUndeliverable:
            break
        }
    }

    private mutating func register(_ visit: VisitRegistered) {
        if let index = visitIndex[visit.pathwayStream] {
            visits[index] = visit
        } else {
            visitIndex[visit.pathwayStream] = visits.count
            visits.append(visit)
        }
    }

    private mutating func link(_ change: PatientLinkChange) {
        let index = linkChanges.firstIndex { change.statement < $0.statement } ?? linkChanges.endIndex
        linkChanges.insert(change, at: index)
    }

    /// Drops the statements of which every word was said again later: none of them can ever count again.
    private mutating func forgetSuperseded() {
        var said: PatientIdentity.Members = []
        var kept: [PatientIdentified] = []
        for statement in statements.reversed() where !statement.identity.members.isSubset(of: said) {
            said.formUnion(statement.identity.members)
            kept.append(statement)
        }
        statements = kept.reversed()
    }

    private mutating func correct() {
        identity = stated.map { stated in corrections.reduce(stated) { $1.correction.corrected($0) } }
    }
}
