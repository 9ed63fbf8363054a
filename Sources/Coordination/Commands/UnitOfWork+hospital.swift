import EventStore
public import Pathways

/// What a hospital's messages state beyond one stream. All of it is decided and appended with the message: nothing is left to a process
/// that could lose it.
extension UnitOfWork {
    /// Takes in what a message states of a visit: applies or holds it, and makes the visit known to its patient.
    ///
    /// A message that names a patient whose dossier was moved (A44) is taken for the new one, whichever came first; one that names another
    /// number of the same person (A40) for the number that the visit is known under. One that names anybody else waits.
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
        let owner = try owner(of: stream, reference, account, by: author)
        let before = try pathway(stream)
        let own = PathwayReference(visit: reference.visit, patient: owner.identifier, patientStream: owner.stream)
        let events = try decide(.report(report, own), on: stream, by: author)
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
        // A visit under one number may hold what was stated of it for another; so may one whose dossier was moved away from any of them.
        for visit in try visits(of: [event.survivor.stream]) { try settle(visit, by: author) }
        let moves = try links.person(of: event.survivor.stream).compactMap { StreamID(hex: $0) }.flatMap { try readPatient($0).movedDossiers }
        for account in Set(moves.map(\.account)) {
            let holders = try links.connected(by: account, with: event.survivor.stream).numbers.sorted()
            for visit in try visits(of: holders) where visit.account == account { try settle(visit, by: author) }
        }
        return isKnown
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

    /// For whom a message is taken that speaks of the visit of `stream`.
    private mutating func owner(
        of stream: StreamID,
        _ reference: PathwayReference,
        _ account: LocalIdentifier?,
        by author: Author
    ) throws -> PatientLink {
        let named = PatientLink(identifier: reference.patient, stream: reference.patientStream)
        let known = try pathway(stream).reference
        let registered = try registeredAccount(of: stream, named)
        var owner = try self.owner(of: account ?? registered, saidToBeOf: named)
        guard let known, known.patient != owner.identifier else { return owner }
        // It is known for somebody else: because of a move that this pathway has not heard of, a merge, or an error.
        let current = PatientLink(identifier: known.patient, stream: known.patientStream)
        if let account = try account ?? registered ?? registeredAccount(of: stream, current) {
            owner = try self.owner(of: account, saidToBeOf: named)
            try settle(VisitRegistered(account: account, visit: reference.visit, pathwayStream: stream.hex), by: author)
        }
        guard let settled = try pathway(stream).link, settled != owner else { return owner }
        return try links.survivor(of: settled.stream) == links.survivor(of: owner.stream) ? settled : owner
    }

    private mutating func owner(of account: LocalIdentifier?, saidToBeOf named: PatientLink) throws -> PatientLink {
        guard let account, let stream = StreamID(hex: named.stream) else { return named }
        let patient = try patient(stream)
        if patient.lastMove(of: account) == nil && patient.linkChanges.isEmpty { return named }
        let owner = try links.owner(of: account, saidToBeOf: named).owner
        // The decision depends on where the dossier is now.
        if let stream = StreamID(hex: owner.stream) { _ = try self.patient(stream) }
        return owner
    }

    private mutating func registeredAccount(of pathway: StreamID, _ link: PatientLink) throws -> LocalIdentifier? {
        try StreamID(hex: link.stream).flatMap { try patient($0).visit(pathway.hex) }?.account
    }

    /// Makes a pathway follow its dossier, and take in what was stated of it for a patient who turns out to be its own.
    private mutating func settle(_ visit: VisitRegistered, by author: Author) throws {
        guard let stream = StreamID(hex: visit.pathwayStream), let current = try pathway(stream).link else { return }
        if let account = visit.account {
            let (owner, move) = try links.owner(of: account, saidToBeOf: current)
            if let move, owner != current {
                try decide(.reassign(PathwayReassigned(from: current, to: owner, statement: move.statement)), on: stream, by: author)
                try register(stream, of: try pathway(stream), account, by: author)
            }
        }
        try adopt(stream, account: visit.account, by: author)
    }

    private mutating func adopt(_ stream: StreamID, account: LocalIdentifier?, by author: Author) throws {
        let state = try pathway(stream)
        guard let own = state.link, !state.claims.isEmpty else { return }
        let person = try links.survivor(of: own.stream)
        var patients: Set<LocalIdentifier> = []
        for claim in state.claims {
            var claimant = PatientLink(identifier: claim.pathway.patient, stream: claim.pathway.patientStream)
            if let account { claimant = try links.owner(of: account, saidToBeOf: claimant).owner }
            if try links.survivor(of: claimant.stream) == person { patients.insert(claim.pathway.patient) }
        }
        if !patients.isEmpty { try decide(.adopt(claimsOf: patients), on: stream, by: author) }
    }

    /// Makes the visit known to the patient whose it is: once, and again when its account becomes known.
    private mutating func register(_ stream: StreamID, of pathway: Pathway, _ account: LocalIdentifier?, by author: Author) throws {
        guard let reference = pathway.reference, let patient = pathway.patientStream else { return }
        let visit = VisitRegistered(account: account, visit: reference.visit, pathwayStream: stream.hex)
        try decide(.visitRegistered(visit), on: patient, by: author)
    }
}

extension Pathway {
    /// The patient whose stay it is.
    var link: PatientLink? { reference.map { PatientLink(identifier: $0.patient, stream: $0.patientStream) } }
}
