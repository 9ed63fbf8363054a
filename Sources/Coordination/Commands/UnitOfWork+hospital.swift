import EventStore
public import Pathways

/// What a hospital's messages state beyond one stream. All of it is decided and appended with the message: nothing is left to a process
/// that could lose it.
extension UnitOfWork {
    /// Takes in what a message states of a visit: applies or holds it, and makes the visit known to its patient.
    ///
    /// A message that names a patient whose dossier was moved (A44) is taken for the new one, whichever came first; so is one that names
    /// another number of the same person (A40). One that names anybody else waits, unless it was stated before what the visit began with.
    ///
    /// - Parameters:
    ///   - reference: the visit, and the patient whom the message names.
    ///   - account: PID-18.
    /// - Throws: `Rejection` `movement-key-reused`, `handed-over`; `CoordinationError`, `EventStoreError` if a stream cannot be read.
    @discardableResult
    public mutating func report(
        _ report: VisitReport,
        _ reference: PathwayReference,
        account: LocalIdentifier?,
        by author: Author
    ) throws -> ReportEffect {
        let stream = streams.pathway(reference.visit)
        let named = reference.owner
        let before = try pathway(stream)
        let known = try self.account(of: stream, account, among: [named] + [before.reference?.owner].compactMap(\.self))
        let (taken, _) = try owner(of: known, saidToBeOf: named)
        let own = PathwayReference(visit: reference.visit, patient: taken.identifier, patientStream: taken.stream, named: named)
        var events: [PathwayEvent]
        if let current = before.reference, current.owner != taken {
            let isOwn = try person(of: taken) == person(of: owner(of: known, saidToBeOf: current.owner).patient)
            events = try decide(.report(report, isOwn ? current.naming(named) : reference), on: stream, by: author)
        } else {
            events = try decide(.report(report, own), on: stream, by: author)
        }
        let settled = try pathway(stream)
        if settled.namesSeveral || settled.reference?.owner != taken { events += try settle(stream, known, by: author) }
        let after = try pathway(stream)
        try register(stream, of: after, account, by: author)
        return ReportEffect(of: report, on: stream, events: events, before: before, after: after)
    }

    /// Takes in that two numbers are one person (A40, A47): recorded in the streams of both, neither of which is rewritten.
    ///
    /// - Returns: whether anything was known under the retired number.
    /// - Throws: `Rejection` `same-patient`.
    public mutating func merge(_ event: PatientsMerged, by author: Author) throws -> Bool {
        guard let retired = StreamID(hex: event.retired.stream), let survivor = StreamID(hex: event.survivor.stream) else { return false }
        let isKnown = try patient(retired).isKnown
        for stream in [retired, survivor] { try decide(.patientsMerged(event), on: stream, by: author) }
        try settleVisits(ofAllRelatedTo: event.retired, event.survivor, by: author)
        return isKnown
    }

    /// Takes in that two merged numbers are two persons after all: recorded in the streams of both. What was stated of a visit under one of
    /// them is told of the other no more.
    ///
    /// - Throws: `Rejection` if the domain refuses.
    public mutating func undoMerge(_ event: MergeUndone, by author: Author) throws {
        for link in [event.retired, event.survivor] {
            if let stream = StreamID(hex: link.stream) { try decide(.mergeUndone(event), on: stream, by: author) }
        }
        try settleVisits(ofAllRelatedTo: event.retired, event.survivor, by: author)
    }

    /// Takes in that a dossier, with all of its visits, is another patient's (A44): recorded in the streams of both patients, and in each
    /// pathway that is known under it.
    ///
    /// - Returns: whether a visit of the dossier was known.
    /// - Throws: `Rejection` `same-patient`.
    public mutating func move(_ event: DossierMoved, by author: Author) throws -> Bool {
        guard let from = StreamID(hex: event.from.stream), let to = StreamID(hex: event.to.stream) else { return false }
        for stream in [from, to] { try decide(.dossierMoved(event), on: stream, by: author) }
        // Moves may come in another order than they were made: the visit may be known under anybody who had it, or has it in the end.
        let holders = try links.connected(by: event.account, with: event.to.stream).numbers.sorted()
        let visits = try visits(of: holders).filter { $0.account == event.account }
        for visit in visits { try settle(visit, by: author) }
        return !visits.isEmpty
    }

    /// The visits of these patients, under all of their numbers.
    /// - Parameter patients: their streams, hexadecimal.
    private func visits(of patients: [String]) throws -> [VisitRegistered] {
        var seen: Set<String> = []
        return try patients.flatMap { try links.person(of: $0) }
            .filter { seen.insert($0).inserted }
            .flatMap { try StreamID(hex: $0).map { try readPatient($0).visits } ?? [] }
    }

    // MARK: - Whose visit it is

    /// After a merge or its undoing: a visit under any of the numbers may hold what was stated of it for another, or tell of one what is
    /// another's; so may one whose dossier was moved away from any of them.
    private mutating func settleVisits(ofAllRelatedTo retired: PatientLink, _ survivor: PatientLink, by author: Author) throws {
        let numbers = try links.related(to: [retired.stream, survivor.stream])
        var found = try visits(of: numbers)
        let moves = try numbers.compactMap { StreamID(hex: $0) }.flatMap { try readPatient($0).movedDossiers }
        for account in Set(moves.map(\.account)).sorted() {
            let holders = Set(try numbers.flatMap { try links.connected(by: account, with: $0).numbers })
            found += try visits(of: holders.sorted()).filter { $0.account == account }
        }
        for visit in Set(found).sorted(by: { $0.pathwayStream < $1.pathwayStream }) { try settle(visit, by: author) }
    }

    private func owner(of account: LocalIdentifier?, saidToBeOf named: PatientLink) throws -> (patient: PatientLink, by: DossierMoved?) {
        guard let account, let stream = StreamID(hex: named.stream) else { return (named, nil) }
        let patient = try readPatient(stream)
        if patient.lastMove(of: account) == nil && patient.linkChanges.isEmpty { return (named, nil) }
        let (owner, move) = try links.owner(of: account, saidToBeOf: named)
        return (owner, move)
    }

    private func person(of link: PatientLink) throws -> String { try links.survivor(of: link.stream) }

    /// PID-18 of a visit: as the message says, else as it is known to one of these patients.
    private mutating func account(of pathway: StreamID, _ stated: LocalIdentifier?, among patients: [PatientLink]) throws -> LocalIdentifier? {
        var account = stated
        for link in patients {
            // The decision depends on what is known of them.
            guard let stream = StreamID(hex: link.stream) else { continue }
            let known = try patient(stream).visit(pathway.hex)?.account
            account = account ?? known
        }
        return account
    }

    private mutating func settle(_ visit: VisitRegistered, by author: Author) throws {
        guard let stream = StreamID(hex: visit.pathwayStream) else { return }
        try settle(stream, visit.account, by: author)
    }

    /// Gives a pathway to the patient whose it is by all that is known, takes in what was stated of it for their other numbers, and holds what
    /// was stated of it for anybody else.
    @discardableResult
    private mutating func settle(_ stream: StreamID, _ stated: LocalIdentifier?, by author: Author) throws -> [PathwayEvent] {
        let named = try pathway(stream).namedPatients.sorted { $0.identifier < $1.identifier }
        let account = try account(of: stream, stated, among: named)
        var claimants: [LocalIdentifier: Claimant] = [:]
        for name in named {
            let (owner, move) = try owner(of: account, saidToBeOf: name)
            claimants[name.identifier] = Claimant(patient: owner, person: try person(of: owner), movedBy: move?.statement)
            // The decision depends on where the dossier is now, and on who they all are.
            for member in Set(try links.person(of: owner.stream) + [owner.stream]).sorted() {
                if let stream = StreamID(hex: member) { _ = try patient(stream) }
            }
        }
        let events = try decide(.settle(claimants), on: stream, by: author)
        if !events.isEmpty { try register(stream, of: try pathway(stream), account, by: author) }
        return events
    }

    /// Makes the visit known to the patient whose it is: once, and again when its account becomes known.
    private mutating func register(_ stream: StreamID, of pathway: Pathway, _ account: LocalIdentifier?, by author: Author) throws {
        guard let reference = pathway.reference, let patient = pathway.patientStream else { return }
        let visit = VisitRegistered(account: account, visit: reference.visit, pathwayStream: stream.hex)
        try decide(.visitRegistered(visit), on: patient, by: author)
    }
}
