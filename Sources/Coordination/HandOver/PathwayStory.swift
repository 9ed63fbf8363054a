import EventStore
import Pathways

/// What one log holds of a visit and its patient at one moment: what another log is told.
struct PathwayStory: Sendable {
    let stream: StreamID
    let pathway: Pathway
    let reference: PathwayReference
    /// The administrative file of the visit, where it is known.
    let account: LocalIdentifier?
    /// The patient under each of their numbers (A40).
    let numbers: [LocalIdentifier: Patient]
    /// A44, of this file.
    let moves: [DossierMoved]
    /// What the address is known from: the surviving number first.
    let home: PatientAddress?
    /// The patients' streams that all this was read from.
    let patientStreams: Set<StreamID>
    /// The versions that all streams had.
    let versions: [StreamID: Int64]
    /// The last event of any of them.
    let last: RecordedEvent

    /// Nil if the visit or the patient is unknown there, or their events were erased.
    init?(of stream: StreamID, in territory: ServedTerritory) throws {
        let (log, loader) = (territory.coordinator.log, territory.coordinator.loader)
        let pathway = try loader.pathway(stream)
        guard let reference = pathway.state.reference, let owner = StreamID(hex: reference.patientStream) else { return nil }
        var patients: [StreamID: Recorded<Patient>] = [:]
        let person = try loader.person(of: owner)
        for number in person { patients[number] = try loader.patient(number) }
        let account = patients[owner]?.state.visit(stream.hex)?.account
        let moves = try account.map { try Self.moves(of: $0, from: person, loader, into: &patients) } ?? []

        var ends: [RecordedEvent] = []
        var versions = patients.mapValues(\.version)
        versions[stream] = pathway.version
        for (stream, version) in versions where version > 0 { ends += try log.read(stream: stream, fromVersion: version, limit: 1) }
        guard let last = ends.max(by: { $0.position < $1.position }) else { return nil }

        self.stream = stream
        self.pathway = pathway.state
        self.reference = reference
        self.account = account
        self.moves = moves
        self.last = last
        self.versions = versions
        patientStreams = Set(patients.keys)
        home = person.lazy.compactMap { patients[$0]?.state.identity?.address }.first
        var identifiers = [owner: reference.patient]
        for link in patients.values.flatMap(\.state.linkChanges).flatMap({ [$0.retired, $0.survivor] }) {
            if let stream = StreamID(hex: link.stream) { identifiers[stream] = link.identifier }
        }
        var numbers: [LocalIdentifier: Patient] = [:]
        for number in person { if let identifier = identifiers[number] { numbers[identifier] = patients[number]?.state } }
        self.numbers = numbers
    }

    /// All moves of a file, from whoever has it now back to whoever had it first.
    private static func moves(
        of account: LocalIdentifier,
        from person: [StreamID],
        _ loader: StateLoader,
        into patients: inout [StreamID: Recorded<Patient>]
    ) throws -> [DossierMoved] {
        var moves: Set<DossierMoved> = []
        var seen: Set<StreamID> = []
        var unseen = person
        while let next = unseen.popLast() {
            guard seen.insert(next).inserted else { continue }
            let patient = try patients[next] ?? loader.patient(next)
            patients[next] = patient
            for move in patient.state.movedDossiers where move.account == account {
                moves.insert(move)
                unseen += [move.from, move.to].compactMap { StreamID(hex: $0.stream) }
            }
        }
        return moves.sorted { $0.statement < $1.statement }
    }
}
