import Coordination
import EventStore
import Pathways
import TestSupport
import Timekeeping

/// What one message of a hospital says. Numbers of patients and visits are short names, so that a story can be told anew under others.
struct HospitalMessage: Sendable {
    enum Content: Sendable {
        case report(VisitReport, visit: String, patient: String, account: String? = "D")
        case identity(PatientIdentity, patient: String)
        /// A40.
        case merge(retired: String, survivor: String)
        /// Somebody finds that they are two persons after all.
        case unmerge(retired: String, survivor: String)
        /// A44, of the account `D`.
        case move(from: String, to: String)
    }

    let content: Content
    let statement: Statement
}

extension World {
    /// Statements of one story, each made a minute after the one before.
    static func stamp(_ minute: Int) -> Statement {
        let at = start.adding(days: -10).adding(minutes: Int64(minute))
        return Statement(recordedAt: at, sentAt: at, controlID: "M\(minute)", digest: "0000000000000000")
    }

    static func number(_ name: String, _ telling: String = "") -> LocalIdentifier { LocalIdentifier(authority: "CHT", value: name + telling) }

    /// As the intake does: one message, one append.
    /// - Parameter telling: distinguishes the numbers of one telling of the story from those of another.
    @discardableResult
    func state(_ message: HospitalMessage, telling: String = "") async throws -> ReportEffect? {
        let author = author
        var effect: ReportEffect?
        _ = try await coordinator.perform(nil) { work in
            switch message.content {
            case .report(let report, let visit, let patient, let account):
                let reference = Self.streams.reference(visit: Self.number(visit, telling), patient: Self.number(patient, telling))
                effect = try work.report(report, reference, account: account.map { Self.number($0, telling) }, by: author)
            case .identity(let identity, let patient):
                let number = Self.number(patient, telling)
                let statement = PatientIdentified(identity: identity.renumbered(number), statement: message.statement)
                try work.identify(statement, on: Self.streams.patient(number), by: author)
            case .merge(let retired, let survivor):
                let event = PatientsMerged(
                    retired: Self.streams.link(Self.number(retired, telling)),
                    survivor: Self.streams.link(Self.number(survivor, telling)),
                    statement: message.statement
                )
                _ = try work.merge(event, by: author)
            case .unmerge(let retired, let survivor):
                let event = MergeUndone(
                    retired: Self.streams.link(Self.number(retired, telling)),
                    survivor: Self.streams.link(Self.number(survivor, telling)),
                    statement: message.statement,
                    by: Attribution(rpps: Staff.referent, capacity: .referent)
                )
                try work.undoMerge(event, by: author)
            case .move(let from, let to):
                let event = DossierMoved(
                    account: Self.number("D", telling),
                    from: Self.streams.link(Self.number(from, telling)),
                    to: Self.streams.link(Self.number(to, telling)),
                    statement: message.statement
                )
                _ = try work.move(event, by: author)
            }
            return []
        }
        return effect
    }
}

extension PatientIdentity {
    fileprivate func renumbered(_ identifier: LocalIdentifier) -> PatientIdentity {
        PatientIdentity(
            identifier: identifier,
            birthFamilyName: birthFamilyName,
            usedFamilyName: usedFamilyName,
            givenName: givenName,
            birthDate: birthDate,
            sex: sex,
            phone: phone,
            address: address,
            ins: ins,
            reliability: reliability,
            deceased: deceased,
            withdrawsINS: withdrawsINS,
            acceptsSMS: acceptsSMS
        )
    }
}

/// Builds a story, each message made after the one before.
struct HospitalStory: Sendable, CustomStringConvertible {
    let description: String
    private(set) var messages: [HospitalMessage] = []

    init(_ description: String) { self.description = description }

    private func adding(_ content: (Statement) -> HospitalMessage.Content) -> HospitalStory {
        let statement = World.stamp(messages.count)
        var story = self
        story.messages.append(HospitalMessage(content: content(statement), statement: statement))
        return story
    }

    /// - Parameter hours: before `World.start`.
    func insert(
        _ kind: MovementKind,
        _ id: String,
        hours: Int64,
        of visit: String = "V",
        naming patient: String,
        to destination: DischargeDestination? = nil,
        account: String? = "D"
    ) -> HospitalStory {
        adding { statement in
            let movement = Movement(
                id: MovementID(authority: "CHT", value: id),
                effectiveAt: World.start.adding(hours: -hours),
                unit: MedicalUnitReference(code: "MEDE", authority: "CHT"),
                statement: statement
            )
            let mode = destination.map { DischargeMode(destination: $0) }
            return .report(.movement(kind, movement, mode), visit: visit, patient: patient, account: account)
        }
    }

    func cancel(_ kind: MovementKind, _ id: String, of visit: String = "V", naming patient: String) -> HospitalStory {
        adding { .report(.cancellation(MovementID(authority: "CHT", value: id), kind, $0), visit: visit, patient: patient) }
    }

    func identify(
        _ patient: String,
        name: String? = nil,
        ins: Bool = false,
        deceased: Bool? = nil,
        withdrawsINS: Bool = false
    ) -> HospitalStory {
        adding { _ in
            let identity = PatientIdentity(
                identifier: World.number(patient),
                birthFamilyName: name,
                address: World.challans,
                ins: ins ? try? INS(number: "279035121518989", oid: "1.2.250.1.213.1.4.10") : nil,
                reliability: [ins ? "VALI" : "PROV"],
                deceased: deceased,
                withdrawsINS: withdrawsINS
            )
            return .identity(identity, patient: patient)
        }
    }

    func merge(_ retired: String, into survivor: String) -> HospitalStory { adding { _ in .merge(retired: retired, survivor: survivor) } }

    func unmerge(_ retired: String, from survivor: String) -> HospitalStory { adding { _ in .unmerge(retired: retired, survivor: survivor) } }

    func move(from: String, to: String) -> HospitalStory { adding { _ in .move(from: from, to: to) } }
}
