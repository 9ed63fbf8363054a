import Pathways
import Testing
import Timekeeping

/// A pathway in the demonstration territory, and what each thing that happens tells whom.
struct NewsStory {
    static let gp = "99999000039"
    static let pharmacist = "99999000831"
    static let nurse = "99999000443"
    static let otherNurse = "99999000450"
    static let referent = "99999000013"
    static let unit = "99999001235"
    /// Six nurses; 99999000534 is away at Christmas.
    static let team = "team:nurses-challans"
    static let members = ["99999000526", "99999000534", "99999000542", "99999000559", "99999000567", "99999000575"]
    /// Away from 21 December to 3 January; `gp` stands in.
    static let absentGP = "99999000021"
    static let stream = String(repeating: "ab", count: 16)

    private static let names = [
        gp: "gp", pharmacist: "pharmacist", nurse: "nurse", otherNurse: "other-nurse", referent: "referent", unit: "unit", absentGP: "absent-gp",
    ]

    let territory: TerritoryState
    private(set) var pathway = Pathway()
    private(set) var now: Instant
    private var count = 0

    /// - Parameter protocols: whether those shipped are in force.
    init(_ events: [PathwayEvent] = [], at now: String = "2026-11-16T14:01:00+01:00", protocols: Bool = false) throws {
        territory = try Self.territory(protocols: protocols)
        self.now = Example.instant(now)
        for event in events { pathway.evolve(with: event) }
    }

    private static let tables = Result { () throws(FileErrors) in try NewsTable.shipped() }
    private static let territories = [true, false].map { protocols in Result { try read(protocols: protocols) } }

    static func territory(protocols: Bool) throws -> TerritoryState { try territories[protocols ? 0 : 1].get() }

    private static func read(protocols: Bool) throws -> TerritoryState {
        var state = TerritoryState()
        let yaml = BundledFiles.demoTerritory
        try state.evolve(with: TerritoryPublished(territory: "clvo-demo", digest: String(repeating: "0f", count: 32), content: yaml))
        for file in protocols ? BundledFiles.protocols : [] {
            let id = String(file.name.dropLast(5))
            try state.evolve(with: ProtocolPublished(protocolID: id, version: 1, digest: "d", content: file.yaml))
        }
        return state
    }

    static func table() throws -> NewsTable { try tables.get() }

    /// What the event tells, one line a news: who, as what, how.
    mutating func happens(_ event: PathwayEvent, at: String? = nil, isDeceased: Bool = false, toldOfDeath: Set<String> = []) throws -> [String] {
        let happening = happening(event, at: at, isDeceased: isDeceased, toldOfDeath: toldOfDeath)
        pathway = happening.after
        return try Self.table().news(for: happening, in: territory).map(Self.line).sorted()
    }

    /// What the event ends: whose, of which follow-up, which, why.
    mutating func ends(_ event: PathwayEvent, at: String? = nil) throws -> [NewsEnding] {
        let happening = happening(event, at: at)
        pathway = happening.after
        return try Self.table().endings(of: happening, in: territory)
    }

    private mutating func happening(
        _ event: PathwayEvent,
        at: String?,
        isDeceased: Bool = false,
        toldOfDeath: Set<String> = []
    ) -> Happening {
        now = at.map(Example.instant) ?? now
        count += 1
        return Happening(
            .pathway(event),
            id: "event-\(count)",
            recordedAt: now,
            stream: Self.stream,
            before: pathway,
            isDeceased: isDeceased,
            toldOfDeath: toldOfDeath
        )
    }

    static func line(_ news: News) -> String {
        let who = names[news.key.recipient] ?? news.key.recipient
        let words = [
            news.urgency == .urgent ? "urgent" : nil, news.named ? nil : "unnamed", news.asks ? "asks" : nil,
            news.answerBy == nil ? nil : "reminded",
        ]
        return ([who, news.key.template] + words.compactMap { $0 }).joined(separator: " ")
    }

    // MARK: - Events

    static let declared = [
        DeclaredProfessional(role: .attendingGP, rpps: gp), DeclaredProfessional(role: .pharmacist, rpps: pharmacist),
    ]

    static func movement(_ id: String, _ at: String, declared: [DeclaredProfessional] = declared, expecting: String? = nil) -> Movement {
        Movement(
            id: MovementID(authority: "850099995/V0042", value: id),
            effectiveAt: Example.instant(at),
            unit: MedicalUnitReference(code: "CARD", authority: "850099995"),
            declared: declared,
            expectedAt: expecting.map(Example.instant),
            statement: Example.statement(at, "M\(id)")
        )
    }

    static func admission(_ declared: [DeclaredProfessional] = declared) -> PathwayEvent {
        .patientAdmitted(.init(pathway: Example.reference, movement: movement("1", "2026-11-10T09:00:00+01:00", declared: declared)))
    }

    static func announcement(_ id: String, of day: String) -> PathwayEvent {
        let announced = movement("A\(id)", "2026-11-1\(id)T09:00:00+01:00", expecting: day)
        return .dischargeAnnounced(.init(pathway: Example.reference, movement: announced))
    }

    static func discharge(_ at: String = "2026-11-16T14:00:00+01:00", to destination: DischargeDestination = .home) -> PathwayEvent {
        .patientDischarged(
            .init(pathway: Example.reference, movement: movement("2", at), mode: DischargeMode(destination: destination, exitMode: "8"))
        )
    }

    static func cancellation(_ id: String, _ kind: MovementKind) -> PathwayEvent {
        let statement = Example.statement("2026-11-17T08:00:00+01:00", "C\(id)")
        let id = MovementID(authority: "850099995/V0042", value: id)
        return .movementCancelled(.init(pathway: Example.reference, movement: id, kind: kind, statement: statement))
    }

    static func correction(_ at: String, to destination: DischargeDestination) -> PathwayEvent {
        var corrected = movement("2", at)
        corrected = Movement(id: corrected.id, effectiveAt: corrected.effectiveAt, statement: Example.statement("2026-11-17T09:00:00+01:00", "Z"))
        let mode = DischargeMode(destination: destination, exitMode: "8", exitDestination: "6")
        return .movementCorrected(.init(pathway: Example.reference, kind: .discharge, movement: corrected, mode: mode))
    }

    static func plan(
        _ id: String,
        role: CareRole = .nurse,
        _ priority: Priority = .normal,
        from: String = "2026-11-18T08:00:00+01:00",
        trigger: RuleTrigger = .discharge
    ) -> PlannedFollowUp {
        PlannedFollowUp(
            id: id,
            rule: RuleReference(followUpProtocol: "local", rule: id),
            protocolVersion: 1,
            role: role,
            title: "Voir le patient",
            priority: priority,
            dueFrom: Example.instant(from),
            dueBy: Example.instant(from).adding(days: 2),
            answerWithinMinutes: 120,
            movement: MovementID(authority: "850099995/V0042", value: "2"),
            trigger: trigger
        )
    }

    static func planned(_ plans: PlannedFollowUp...) -> PathwayEvent { .followUpsPlanned(FollowUpsPlanned(followUps: plans)) }

    /// - Parameter alone: how many of the order are asked alone.
    static func offers(_ id: String, to: [String], basis: Assignment.Basis = .coverage, alone: Int? = nil) -> PathwayEvent {
        let assignment = Assignment(basis: basis, order: to, alone: alone)
        let until = Example.instant("2026-11-16T16:00:00+01:00")
        let solicitation = OffersMade.Solicitation(followUp: id, wave: 1, to: to, until: until, assignment: assignment)
        return .offersMade(OffersMade(at: Example.instant("2026-11-16T14:01:00+01:00"), solicitations: [solicitation], directoryVersion: 1))
    }

    static func accepted(_ id: String, _ rpps: String = nurse) -> PathwayEvent {
        .followUpAccepted(FollowUpAccepted(followUp: id, at: Example.instant("2026-11-16T14:10:00+01:00"), by: Example.by(rpps)))
    }

    static func withdrawn(_ id: String, _ reason: WithdrawalReason, told: [String]) -> PathwayEvent {
        .followUpsWithdrawn(FollowUpsWithdrawn(withdrawals: [.init(followUp: id, reason: reason, told: told)]))
    }

    static func escalated(_ id: String, _ reason: EscalationReason, to: [String]) -> PathwayEvent {
        let at = Example.instant("2026-11-20T08:00:00+01:00")
        return .followUpEscalated(FollowUpEscalated(followUp: id, at: at, step: 0, reason: reason, to: to))
    }
}
