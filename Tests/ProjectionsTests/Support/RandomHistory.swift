import EventStore
import Foundation
import Pathways
import TestSupport
import Timekeeping

@testable import Projections

/// A seeded history of a small territory: visits, identities, publications, messages, answers and changes of mind, decided by the domain,
/// so that what happens is what can happen.
struct RandomHistory {
    let world: World
    /// What opens the history: erasures destroy keys here.
    let keys = DestroyedKeys()
    private var random: SplitMix64
    private(set) var pathways: [StreamID: Pathway] = [:]
    private(set) var order: [StreamID] = []
    private var protocols = ProtocolLibrary()
    private var publications = 0
    private(set) var referent = TestTerritory.camille
    private(set) var team: [String] = []

    private let erases: Bool

    /// - Parameter erases: whether patients are erased in it, or oppose: what was erased, or is masked today, stands in no list of then either.
    init(seed: UInt64, erases: Bool = true) throws {
        self.erases = erases
        world = try World(seed: seed)
        random = SplitMix64(seed: seed)
        for (name, yaml) in BundledFiles.protocols.prefix(2) { protocols.publish(try ProtocolFile.parse(yaml: yaml, file: name)) }
    }

    mutating func run(steps: Int) async throws {
        try await publish()
        for _ in 0..<steps {
            world.clock.move(to: world.clock.now.adding(minutes: Int64.random(in: 0...900, using: &random)))
            try await step()
        }
    }

    private mutating func step() async throws {
        switch Int.random(in: 0..<100, using: &random) {
        case 0..<16: try await admit()
        case 16..<22: try await move()
        case 22..<30: try await change()
        case 30..<46: try await discharge()
        case 46..<52: try await cancel()
        case 52..<56:
            try await world.identify("P\(Int.random(in: 0..<8, using: &random))", ["FICTIF", "IMAGINAIRE"].randomElement(using: &random) ?? "")
        case 56..<58: try await publish()
        case 58..<61: try await message()
        case 61..<64: if erases { try await erase() } else { try await message() }
        case 64..<66: try await reconcile()
        case 66: try await restart()
        case 67: try await wish()
        case 68..<71: try await link()
        case 71..<73: try await decideOnQuarantine()
        case 73..<78: try await tell()
        default: try await answer()
        }
    }

    private func visit(_ stream: StreamID) -> PathwayReference? { pathways[stream]?.reference }

    private mutating func admit() async throws {
        let number = order.count
        let reference = world.reference("V\(number)", patient: "P\(number % 8)")
        let stream = world.pathway("V\(number)")
        order.append(stream)
        if Bool.random(using: &random) { try await world.identify("P\(number % 8)") }
        try await perform(.report(.movement(.admission, world.movement("\(number)-1", world.clock.now), nil), reference), stream)
    }

    private mutating func move() async throws {
        guard let stream = order.randomElement(using: &random), let reference = visit(stream) else { return }
        let id = "\(reference.visit.value)-\(Int.random(in: 2..<6, using: &random))"
        let late = world.clock.now.adding(hours: -Int64.random(in: 0..<48, using: &random))
        try await perform(.report(.movement(.transfer, world.movement(id, late, unit: "Chirurgie"), nil), reference), stream)
    }

    private mutating func discharge() async throws {
        guard let stream = order.randomElement(using: &random), let reference = visit(stream) else { return }
        let destination: DischargeDestination = Int.random(in: 0..<6, using: &random) == 0 ? .smr : .home
        let id = "\(reference.visit.value)-d\(Int.random(in: 0..<3, using: &random))"
        let report = VisitReport.movement(.discharge, world.movement(id, world.clock.now), DischargeMode(destination: destination))
        try await perform(.report(report, reference), stream)
        try await reconcile(stream)
    }

    private mutating func cancel() async throws {
        guard let stream = order.randomElement(using: &random), let reference = visit(stream) else { return }
        let id = MovementID(authority: "CHLVO", value: "\(reference.visit.value)-d\(Int.random(in: 0..<3, using: &random))")
        let at = world.clock.now
        let statement = Statement(recordedAt: at, sentAt: at, controlID: "C", digest: "0")
        try await perform(.report(.cancellation(id, .discharge, statement), reference), stream)
        try await reconcile(stream)
    }

    /// Everything else that a hospital says of a stay: class, leave, announcements, corrections, another patient.
    private mutating func change() async throws {
        guard let stream = order.randomElement(using: &random), let reference = visit(stream) else { return }
        let number = Int.random(in: 0..<3, using: &random)
        let kinds: [MovementKind] = [
            .admissionAnnouncement, .preadmission, .classChange, .transferAnnouncement, .attendingChange, .leave, .leaveReturn,
            .dischargeAnnouncement,
        ]
        switch Int.random(in: 0..<8, using: &random) {
        case 0:
            let to = PatientLink(
                identifier: LocalIdentifier(authority: "CHLVO", value: "P\(number)"),
                stream: world.patient("P\(number)").hex
            )
            let from = PatientLink(identifier: reference.patient, stream: reference.patientStream)
            try await perform(.reassign(PathwayReassigned(from: from, to: to, statement: world.statement("R"))), stream)
        case 1, 2, 3:
            // Of a discharge, mostly: its time moves what is pending.
            let kind = MovementKind.discharge
            let moved = world.movement("\(reference.visit.value)-d\(number)", world.clock.now.adding(hours: -5))
            try await perform(.report(.correction(kind, moved, nil), reference), stream)
            try await reconcile(stream)
        default:
            let kind = kinds.randomElement(using: &random) ?? .leave
            let id = "\(reference.visit.value)-\(kind.rawValue)\(number)"
            try await perform(.report(.movement(kind, world.movement(id, world.clock.now), nil), reference), stream)
        }
    }

    /// The hospital merges two numbers, or moves a file; or somebody takes a merge back.
    private mutating func link() async throws {
        let (first, second) = (Int.random(in: 0..<8, using: &random), Int.random(in: 0..<8, using: &random))
        guard first != second else { return }
        let (retired, survivor) = (world.link("P\(first)"), world.link("P\(second)"))
        let streams = [world.patient("P\(first)"), world.patient("P\(second)")]
        // Statements do not always come in the order in which they were made.
        let statement = world.statement("L", at: world.clock.now.adding(minutes: -Int64.random(in: 0..<5_000, using: &random)))
        let cause = try await message(.orphan)
        switch Int.random(in: 0..<4, using: &random) {
        case 0, 1:
            let body = PatientsMerged(retired: retired, survivor: survivor, statement: statement)
            for stream in streams { try await world.record(body, on: stream, causation: cause) }
        case 2:
            let by = Attribution(rpps: referent, capacity: .referent)
            let body = MergeUndone(retired: retired, survivor: survivor, statement: statement, by: by)
            for stream in streams { try await world.record(body, on: stream) }
        default:
            let account = LocalIdentifier(authority: "CHLVO", value: "N\(first)")
            let body = DossierMoved(account: account, from: retired, to: survivor, statement: statement)
            for stream in streams { try await world.record(body, on: stream, causation: cause) }
            let visit = VisitRegistered(account: account, visit: account, pathwayStream: world.pathway("V0").hex)
            if Bool.random(using: &random) { try await world.record(visit, on: streams[1]) }
        }
    }

    private mutating func decideOnQuarantine() async throws {
        let intake = try world.log.read(stream: world.intake, fromVersion: 1, limit: .max).filter { !keys.areDestroyed($0.id) }
        guard let message = intake.filter({ $0.type == MessageReceived.type }).randomElement(using: &random) else { return }
        let by = Attribution(rpps: referent, capacity: .referent)
        let pathway = order.randomElement(using: &random)
        if Bool.random(using: &random) {
            let outcome: MessageOutcome = Bool.random(using: &random) ? .accepted : .orphan
            let body = MessageRepaired(message: message.id.description, outcome: outcome, pathwayStream: pathway?.hex, by: by)
            let repaired = try await world.record(body, on: world.intake)
            guard outcome == .orphan, let pathway, let reference = visit(pathway) else { return }
            try await hold(reference, on: pathway, causedBy: repaired.id)
        } else {
            try await world.record(MessageDiscarded(message: message.id.description, reason: .sentAgain, by: by), on: world.intake)
        }
    }

    private mutating func publish() async throws {
        publications += 1
        referent = Bool.random(using: &random) ? TestTerritory.camille : TestTerritory.etienne
        let without = publications == 1 || Bool.random(using: &random) ? [] : [TestTerritory.guillaume]
        team = Bool.random(using: &random) ? TestTerritory.nurses : Array(TestTerritory.nurses.dropFirst())
        let yaml = TestTerritory.yaml(version: publications, referent: referent, without: without, teamOfThree: team == TestTerritory.nurses)
        try await world.publish(yaml)
    }

    private mutating func message() async throws {
        _ = try await message(MessageOutcome.allCases.randomElement(using: &random) ?? .accepted)
    }

    private mutating func message(_ outcome: MessageOutcome) async throws -> EventID {
        let stream = order.randomElement(using: &random)
        let facts = MessageFacts(
            application: ["SIMHOSP", "AUTRE"].randomElement(using: &random) ?? "",
            facility: "CHLVO",
            controlID: "M",
            trigger: "ADT^A01",
            digest: String(repeating: "0", count: 64),
            byteCount: 10,
            charset: "8859/15"
        )
        let warnings = Bool.random(using: &random) ? [IntakeWarning(.zbe3Valued)] : []
        let patient = stream.flatMap(visit).map(\.patientStream)
        // Messages of before subjects were recorded have none.
        let subject = Int.random(in: 0..<4, using: &random) == 0 ? nil : patient ?? String(repeating: "e", count: 32)
        let body = MessageReceived(
            facts: facts,
            outcome: outcome,
            acknowledgement: "AA",
            warnings: warnings,
            pathwayStream: stream?.hex,
            subject: subject
        )
        let message = try await world.record(body, on: world.intake)
        if outcome == .orphan, let stream, let reference = visit(stream) { try await hold(reference, on: stream, causedBy: message.id) }
        return message.id
    }

    private mutating func hold(_ reference: PathwayReference, on stream: StreamID, causedBy message: EventID) async throws {
        let id = "\(reference.visit.value)-\(Int.random(in: 2..<6, using: &random))"
        let held = MovementHeld(pathway: reference, report: .movement(.transfer, world.movement(id, world.clock.now), nil))
        pathways[stream, default: Pathway()].evolve(with: .movementHeld(held))
        try await world.record(held, on: stream, causation: message)
    }

    /// A patient is erased: the keys of their streams and of the messages about them, then an event in each stream.
    mutating func erase() async throws {
        let patient = world.patient("P\(Int.random(in: 0..<8, using: &random))")
        let streams = [patient] + order.filter { visit($0)?.patientStream == patient.hex }
        var ids: [EventID] = []
        for stream in streams { ids += try world.log.read(stream: stream, fromVersion: 1, limit: .max).map(\.id) }
        var messages: Set<String> = []
        for event in try world.log.read(stream: world.intake, fromVersion: 1, limit: .max) {
            switch try DomainEvent(type: event.type, payload: event.payload) {
            case .messageReceived(let body) where body.subject == patient.hex:
                messages.insert(event.id.description)
                ids.append(event.id)
            // Sealed for the same subject as the message.
            case .messageRepaired(let body) where messages.contains(body.message): ids.append(event.id)
            case .messageDiscarded(let body) where messages.contains(body.message): ids.append(event.id)
            default: break
            }
        }
        // In either order: nothing guarantees that a follower sees the event while the key is still there.
        let destroysFirst = Bool.random(using: &random)
        if destroysFirst { keys.destroy(ids) }
        for stream in streams {
            pathways[stream] = nil
            try await world.record(StreamErased(erasure: "019f0000-0000-7000-8000-000000000002"), on: stream)
        }
        keys.destroy(ids)
    }

    /// What patients ask for: opposition, its end, correction, a note taken back.
    private mutating func wish() async throws {
        let patient = world.patient("P\(Int.random(in: 0..<8, using: &random))")
        let by = Attribution(rpps: referent, capacity: .referent)
        switch Int.random(in: erases ? 0..<4 : 1..<4, using: &random) {
        case 0: try await world.record(OppositionRecorded(basis: .sharing, statedAt: world.clock.now, by: by), on: patient)
        case 1: try await world.record(OppositionLifted(statedAt: world.clock.now, by: by), on: patient)
        case 2:
            let correction = IdentityCorrection(birthFamilyName: ["CORRIGÉE", "RECTIFIÉE"].randomElement(using: &random), removed: [.ins])
            try await world.record(IdentityCorrected(correction: correction, reason: .typingError, by: by), on: patient)
        default:
            guard let stream = order.randomElement(using: &random) else { return }
            let note = try world.log.read(stream: stream, fromVersion: 1, limit: .max).last { $0.type == FollowUpNoted.type }
            guard let note else { return }
            try await world.record(EntryRetracted(event: note.id.description, reason: .mistaken, by: by), on: stream)
        }
    }

    private mutating func reconcile() async throws {
        if let stream = order.randomElement(using: &random) { try await reconcile(stream) }
    }

    private mutating func reconcile(_ stream: StreamID) async throws {
        var chance = SplitMix64(seed: random.next())
        let basis = [Assignment.Basis.declared, .coverage, .coverage, .none].randomElement(using: &chance) ?? .none
        let everybody = TestTerritory.everybody.dropFirst() + [TestTerritory.team]
        let candidates = basis == .none ? [] : everybody.shuffled(using: &chance)
        let alone = basis == .declared ? 1 : 0
        let context = PlanningContext(
            now: world.clock.now,
            timeZone: TimeZone(identifier: "Europe/Paris") ?? .gmt,
            directoryVersion: 1,
            referent: referent,
            patientIsDeceased: Int.random(in: 0..<12, using: &chance) == 0,
            readmittedAt: Int.random(in: 0..<5, using: &chance) == 0 ? world.clock.now : nil,
            identify: { [world] in world.followUp(stream, $0, $1) },
            assign: { request in
                request.role == .referent
                    ? Assignment(basis: .none, order: [], reason: "referent-role")
                    : Assignment(
                        basis: basis,
                        order: candidates,
                        alone: alone,
                        reason: basis == .none ? "nobody-covers-commune" : nil,
                        commune: "85047"
                    )
            }
        )
        try await perform(.reconcile(context), stream)
    }

    private mutating func answer() async throws {
        guard let stream = order.randomElement(using: &random), let followUp = pathways[stream]?.followUps.randomElement(using: &random) else {
            return
        }
        var rpps = followUp.offers.randomElement(using: &random)?.to ?? referent
        var team: String?
        if case .team(let id) = Addressee(rawValue: rpps) {
            team = id
            rpps = self.team.randomElement(using: &random) ?? referent
        }
        let by = Attribution(rpps: followUp.acceptedBy ?? rpps, capacity: rpps == referent ? .referent : .professional)
        switch Int.random(in: 0..<6, using: &random) {
        case 0, 1: try await perform(.accept(followUp: followUp.id, by: Attribution(rpps: rpps), at: world.clock.now, team: team), stream)
        case 2:
            try await perform(.decline(followUp: followUp.id, by: by, reason: .noCapacity, team: team), stream)
            try await reconcile(stream)
        case 3: try await perform(.complete(followUp: followUp.id, by: by, at: world.clock.now, outcome: .done, note: nil), stream)
        case 4:
            try await perform(.acknowledgeWithdrawal(followUp: followUp.id, by: Attribution(rpps: followUp.toldOfWithdrawal.first ?? rpps)), stream)
        default: try await perform(.note(followUp: followUp.id, by: by, text: "Vu"), stream)
        }
    }

    /// What professionals report of a patient at home, and what patients wish.
    private mutating func tell() async throws {
        guard let stream = order.randomElement(using: &random) else { return }
        let now = world.clock.now
        let by = Attribution(rpps: referent, capacity: .referent)
        let report = "R\(Int.random(in: 0..<1_000_000, using: &random))"
        let known = pathways[stream]
        switch Int.random(in: 0..<9, using: &random) {
        case 0, 1:
            let alert = AlertSignReported(report: report, at: now, by: by, sign: .fever, called: ["samu"], note: "Vu ce matin")
            try await perform(.reportAlert(alert), stream)
        case 2, 3: try await perform(.reportPrescriptionMissing(PrescriptionMissing(report: report, at: now, by: by)), stream)
        case 4:
            let missing = known?.missingPrescriptions.last?.report ?? report
            try await perform(.obtainPrescription(report: missing, by: by, at: now), stream)
        case 5:
            let isEnrolled = known?.prado != nil
            try await perform(isEnrolled ? .leavePrado(by: by, at: now) : .enrolInPrado(by: by, at: now), stream)
        case 6:
            let id = known?.followUps.randomElement(using: &random)?.id
            try await perform(.refuseCare(followUps: [id].compactMap { $0 }, by: by, at: now), stream)
        case 7: try await perform(.takeBackRefusal(by: by, at: now), stream)
        default:
            let isClosed = known?.closed != nil
            try await perform(isClosed ? .reopen(by: by, at: now) : .close(.followedElsewhere, by: by, at: now), stream)
        }
        try await reconcile(stream)
    }

    private mutating func restart() async throws {
        guard let stream = order.randomElement(using: &random), let followUp = pathways[stream]?.followUps.randomElement(using: &random) else {
            return
        }
        let by = Attribution(rpps: referent, capacity: .referent)
        try await perform(.solicitAgain(followUp: followUp.id, by: by, at: world.clock.now), stream)
        if Bool.random(using: &random) { try await reconcile(stream) }
    }

    private mutating func perform(_ command: PathwayCommand, _ stream: StreamID) async throws {
        let state = pathways[stream] ?? Pathway()
        // A refusal is as likely as an answer here, and leaves no trace.
        guard let events = try? decide(command, given: state, under: protocols) else { return }
        for event in events {
            pathways[stream, default: Pathway()].evolve(with: event)
            try await world.record(event.body, on: stream, at: event.occurredAt)
        }
    }
}

extension RandomHistory {
    /// What each list must hold by the domain's own state: the oracle of the to-do projection.
    func expectedEntries() -> Set<String> {
        var entries: Set<String> = []
        for pathway in pathways.values {
            for followUp in pathway.followUps {
                // A notice stands until it is seen, also when the follow-up was planned again since.
                for rpps in followUp.toldOfWithdrawal { entries.insert("\(followUp.id) notice \(rpps)") }
                let due = followUp.nextDeadline.map { "\($0.at.rfc3339) \($0.kind.name)" } ?? ""
                let owner = followUp.acceptedBy ?? referent
                switch followUp.status {
                case .open:
                    entries.insert("\(followUp.id) owned \(referent) \(owner) \(due)")
                    for offer in followUp.pendingOffers {
                        let asked = offer.to == TestTerritory.team ? team : [offer.to]
                        for rpps in asked { entries.insert("\(followUp.id) offered \(rpps) \(owner) \(due)") }
                    }
                case .onHold:
                    for rpps in [referent, owner] { entries.insert("\(followUp.id) onHold \(rpps) \(owner) \(due)") }
                case .accepted:
                    entries.insert("\(followUp.id) accepted \(owner) \(owner) \(due)")
                case .done, .withdrawn: break
                }
            }
        }
        return entries
    }

    func listedEntries() throws -> Set<String> {
        var entries: Set<String> = []
        for rpps in TestTerritory.everybody {
            // Who is told that what others accepted is late: OwnershipTests.
            for item in try world.list(rpps).items where item.kind != .escalated {
                let due = item.nextDeadline.map { " \($0.at.rfc3339) \($0.kind.name)" } ?? ""
                entries.insert("\(item.followUp) \(item.kind.rawValue) \(rpps)" + (item.owner.map { " \($0.rpps)" } ?? "") + due)
            }
        }
        return entries
    }
}
