import Coordination
import EventStore
import FrenchText
import Pathways
import Projections
import Timekeeping

/// A pathway: who, where it stands, what is to be done by whom, the care circle and the story, now or as it stood.
struct PathwayPage: PageModel, Hashable {
    static let template = PageTemplate.pathway

    struct Step: Sendable, Hashable {
        let label: String
        let at: Moment
    }

    struct Member: Sendable, Hashable {
        let name: String
        let role: String
        let basis: String
        let phone: PhoneNumber?
    }

    struct Proposal: Sendable, Hashable {
        let id: String
        let title: String
        let summary: String
    }

    /// A prescription that was reported missing, and has not come.
    struct MissingPrescription: Sendable, Hashable {
        let report: String
        let since: Moment
        let note: String?
    }

    /// What is not in the pathway itself, for building the page.
    struct Surroundings {
        let caller: PageCaller
        let clock: FrenchClock
        let territory: TerritoryState
        let flash: Flash?
        let key: String
        /// What the page shows if it is not the present.
        let asOf: AsOfBanner?
        /// Whether the patient opposes today, whatever moment the page shows.
        let isIdentityMasked: Bool
        /// What the directory calls somebody.
        let name: (String) -> String?
        /// Who was told, as far as its reader may know; nil where nobody is told anything, and of the past.
        var ledger: PathwayLedger?
    }

    struct AsOfBanner: Sendable, Hashable {
        let at: Moment
        let position: Int64
    }

    let head: PageHead
    let flash: Flash?
    let asOf: AsOfBanner?
    let path: String
    let key: String
    let patient: String
    let identity: String?
    let isQualified: Bool
    let phone: PhoneNumber?
    let address: String?
    let status: StatusWord
    let unit: String?
    let visit: String?
    let destination: String?
    let steps: [Step]
    let followUps: [PathwayFollowUp]
    let hasNoFollowUp: Bool
    let circle: [Member]
    let referentName: String?
    let referentPhone: PhoneNumber?
    let story: [StoryLine]
    let ledger: PathwayLedger?
    let homeReturn: HomeReturnForm?
    let missingPrescriptions: [MissingPrescription]
    let proposals: [Proposal]
    let canPropose: Bool

    init(_ replayed: Replayed, timeline: Timeline, _ surroundings: Surroundings) {
        let (pathway, clock) = (replayed.pathway, surroundings.clock)
        let isMasked = surroundings.isIdentityMasked || timeline.isIdentityMasked
        let known = isMasked ? nil : replayed.patient.identity
        let territory = surroundings.territory.territory
        let isNow = surroundings.asOf == nil
        head = PageHead(title: "Parcours", caller: surroundings.caller.badge)
        flash = surroundings.flash
        asOf = surroundings.asOf
        path = "/parcours/\(replayed.stream.hex)"
        key = surroundings.key
        let used = known?.usedFamilyName.flatMap { $0.isEmpty ? nil : $0 }
        let name = [used ?? known?.birthFamilyName, known?.givenName].compactMap(\.self).joined(separator: " ")
        patient = isMasked ? Sentence.maskedIdentity : name.isEmpty ? "Identité à préciser" : name
        identity = known.map { PatientWords.identity(birthDate: $0.birthDate, sex: $0.sex, birthName: used == nil ? nil : $0.birthFamilyName) }
        isQualified = replayed.patient.identity?.ins != nil
        phone = known?.phone.map(PhoneNumber.init)
        address = known?.address.flatMap { PatientWords.address(line: $0.line, postalCode: $0.postalCode, city: $0.city) }
        status = StatusWord(replayed.status)
        let hospital = pathway.reference.flatMap { territory?.hospital(authority: $0.visit.authority)?.name }
        let unitName = pathway.stay.unit.map { $0.label ?? PathwayAccess.unit(of: pathway, in: territory)?.name ?? "unité \($0.code)" }
        let place = [unitName, hospital].compactMap(\.self).joined(separator: ", ")
        unit = place.isEmpty ? nil : place
        visit = pathway.reference?.visit.value
        destination = pathway.stay.mode?.destination.frenchName
        steps = Self.steps(pathway, clock)
        followUps = pathway.followUps.map { PathwayFollowUp($0, replayed: replayed, surroundings) }
        hasNoFollowUp = pathway.followUps.isEmpty
        circle = pathway.careCircle.map { Member($0, declared: pathway.stay.declared, surroundings) }
        referentName = territory?.referent.name
        referentPhone = territory?.referent.phone.map(PhoneNumber.init)
        story = Self.story(timeline, surroundings)
        ledger = isNow ? surroundings.ledger : nil
        homeReturn = isNow && HomeReturnForm.isAwaited(pathway) ? HomeReturnForm(now: clock.fieldValue(clock.now)) : nil
        missingPrescriptions =
            isNow
            ? pathway.missingPrescriptions.filter { !pathway.obtainedPrescriptions.contains($0.report) }
                .map { MissingPrescription(report: $0.report, since: clock.moment($0.at), note: $0.note) } : []
        canPropose = isNow && (surroundings.caller.isReferent || surroundings.caller.isHospital)
        proposals = canPropose ? Self.proposals(pathway, surroundings.territory) : []
    }

    /// Newest first. Whom else was asked, and who declined, concerns only those who answer for the order.
    private static func story(_ timeline: Timeline, _ surroundings: Surroundings) -> [StoryLine] {
        let seesAll = surroundings.caller.isReferent || surroundings.caller.isHospital
        let ofOthers: Set<String> = [OffersMade.type, FollowUpDeclined.type]
        let opening = timeline.entries.first { PathwayEvent.types.contains($0.type) }?.position ?? 0
        return timeline.entries.reversed()
            .filter { seesAll || !ofOthers.contains($0.type) || $0.actor == surroundings.caller.caller.urn }
            .map { StoryLine($0, opening: opening, surroundings.clock) }
    }

    private static func steps(_ pathway: Pathway, _ clock: FrenchClock) -> [Step] {
        let stay = pathway.stay
        let planned = stay.status == .discharged ? nil : pathway.plannedDischargeAt
        let all: [(String, Instant?)] = [
            ("Entrée", stay.admittedAt), ("Sortie prévue", planned), ("Sortie", stay.dischargedAt), ("Retour à domicile", pathway.homeReturnedAt),
        ]
        return all.compactMap { label, at in at.map { Step(label: label, at: clock.moment($0)) } }
    }

    /// What the patient's unit proposes and nobody has applied yet.
    private static func proposals(_ pathway: Pathway, _ state: TerritoryState) -> [Proposal] {
        let proposed = PathwayAccess.unit(of: pathway, in: state.territory)?.protocols ?? []
        return proposed.filter { id in !pathway.appliedProtocols.contains { $0.id == id } }
            .compactMap { state.protocols[$0] }
            .map { Proposal(id: $0.id, title: $0.title, summary: $0.summary) }
    }
}

extension PathwayPage.Member {
    fileprivate init(_ member: CareCircleMember, declared: [DeclaredProfessional], _ surroundings: PathwayPage.Surroundings) {
        let found = (try? RPPS(member.rpps)).flatMap { surroundings.territory.territory?.professional($0) }
        name = surroundings.name(member.rpps) ?? declared.first { $0.rpps == member.rpps }?.name ?? "RPPS \(member.rpps)"
        role = member.role.frenchName
        basis = member.basis.frenchName
        phone = found?.phone.map(PhoneNumber.init)
    }
}

extension StatusWord {
    fileprivate init(_ status: Pathway.Status?) {
        switch status {
        case .admitted, .preadmitted, .onLeave: self.init(status?.frenchName ?? "", .waiting)
        case .discharged: self.init("Sorti·e, retour à confirmer", .waiting)
        case .atHome: self.init("De retour à domicile", .calm)
        case .cancelled, .deceased, .closed: self.init(status?.frenchName ?? "", .over)
        case nil: self.init("En attente d’informations de l’hôpital", .waiting)
        }
    }
}
