import Timekeeping

extension Pathway {
    /// Every patient whom a report of this visit names, and the one whose it is.
    public var namedPatients: Set<PatientLink> {
        Set(told.map(\.name)).union(reference.map { [$0.owner] } ?? [])
    }

    /// Whether reports of this visit name several numbers.
    public var namesSeveral: Bool { !claims.isEmpty || history.namesOthers }

    /// Says anew whose visit it is. It is that of the patient whom the earliest statement among the beginnings of it names, of those that
    /// stand: what was said first and holds, whatever came first (I5). What others stated of it waits as their claim.
    ///
    /// - Parameter claimants: by number named.
    func settle(_ claimants: [LocalIdentifier: Claimant]) -> [PathwayEvent] {
        guard let reference else { return [] }
        let told = told
        let leader = Self.leader(of: told, claimants)
        let name = leader?.name ?? reference.owner
        let owner = Self.claimant(name, claimants)
        var working = self
        var events: [PathwayEvent] = []
        func happen(_ event: PathwayEvent) {
            working.evolve(with: event)
            events.append(event)
        }
        if owner.patient != reference.owner, let statement = owner.movedBy ?? leader?.report.statement {
            happen(.pathwayReassigned(PathwayReassigned(from: reference.owner, to: owner.patient, statement: statement)))
        }
        if handedOver != nil { return events }
        for (report, name) in told where Self.claimant(name, claimants).person != owner.person {
            if claims.contains(where: { $0.report.isSame(as: report) }) { continue }
            happen(.movementHeld(MovementHeld(pathway: PathwayReference(visit: reference.visit, name), report: report)))
        }
        let own = claims.filter { Self.claimant($0.pathway.teller, claimants).person == owner.person }
        return events + working.adopt(own)
    }

    private typealias Told = (report: VisitReport, name: PatientLink)

    /// All that was stated of the visit, with whom each report names.
    private var told: [Told] {
        guard let reference else { return [] }
        return history.reports.map { ($0, history.name(of: $0) ?? reference.owner) } + claims.map { ($0.report, $0.pathway.teller) }
    }

    private static func claimant(_ name: PatientLink, _ claimants: [LocalIdentifier: Claimant]) -> Claimant {
        claimants[name.identifier] ?? Claimant(patient: name, person: name.stream)
    }

    /// The report that decides whose visit it is: the earliest beginning that stands, else the earliest that was taken back, else the earliest
    /// of all. What a person's numbers say counts together: one may take back what was stated under another.
    private static func leader(of told: [Told], _ claimants: [LocalIdentifier: Claimant]) -> Told? {
        let persons = Dictionary(grouping: told) { claimant($0.name, claimants).person }
        let ranked = persons.values.flatMap { own in
            let visit = VisitHistory(own.map { ($0.report, $0.name) })
            return own.map { (standing: standing($0.report, in: visit), told: $0) }
        }
        return ranked.min { ($0.standing, $0.told.report.statement) < ($1.standing, $1.told.report.statement) }?.told
    }

    private static func standing(_ report: VisitReport, in visit: VisitHistory) -> Int {
        guard case .movement(let kind, let movement, _) = report, kind.beginsVisit else { return 2 }
        return visit.movement(movement.id)?.isCancelled == true ? 1 : 0
    }
}
