import Foundation
import Pathways
import Testing
import Timekeeping

/// A fictional visit of a fictional patient, and the words to tell stories about it.
enum Example {
    static let visit = LocalIdentifier(authority: "850099995", value: "V0042")
    static let patient = LocalIdentifier(authority: "850099995", value: "P0007")
    static let reference = PathwayReference(visit: visit, patient: patient, patientStream: String(repeating: "ab", count: 16))
    static let paris = TimeZone(identifier: "Europe/Paris") ?? .gmt

    /// The protocols that the product ships.
    static var protocols: ProtocolLibrary {
        switch Shipped.library {
        case .success(let library): return library
        case .failure(let errors):
            Issue.record("shipped protocols: \(errors)")
            return ProtocolLibrary()
        }
    }

    static func instant(_ text: String) -> Instant {
        guard let instant = Instant(rfc3339: text) else {
            Issue.record("not an instant: \(text)")
            return Instant(millisecondsSinceEpoch: 0)
        }
        return instant
    }

    static func statement(_ at: String, _ controlID: String = "M1") -> Statement {
        Statement(recordedAt: instant(at), sentAt: instant(at), controlID: controlID, digest: "0123456789abcdef")
    }

    static func movement(_ id: String, _ at: String, unit: String? = nil, declared: [DeclaredProfessional] = []) -> Movement {
        Movement(
            id: MovementID(authority: "850099995/V0042", value: id),
            effectiveAt: instant(at),
            unit: unit.map { MedicalUnitReference(code: $0, label: nil, authority: "850099995") },
            declared: declared,
            statement: statement(at, "M\(id)")
        )
    }

    static func report(_ kind: MovementKind, _ id: String, _ at: String, to destination: DischargeDestination? = nil) -> PathwayCommand {
        .report(.movement(kind, movement(id, at), destination.map { DischargeMode(destination: $0) }), reference)
    }

    static func cancel(_ kind: MovementKind, _ id: String, at: String = "2026-11-20T08:00:00+01:00") -> PathwayCommand {
        .report(.cancellation(MovementID(authority: "850099995/V0042", value: id), kind, statement(at, "C\(id)")), reference)
    }

    static let admitted: PathwayEvent = .patientAdmitted(.init(pathway: reference, movement: movement("1", "2026-11-10T09:00:00+01:00")))

    static func admission(_ id: String, _ at: String) -> PathwayEvent {
        .patientAdmitted(.init(pathway: reference, movement: movement(id, at)))
    }

    static func discharged(_ id: String = "2", at: String = "2026-11-16T14:00:00+01:00", to destination: DischargeDestination = .home) -> PathwayEvent
    {
        .patientDischarged(.init(pathway: reference, movement: movement(id, at), mode: DischargeMode(destination: destination)))
    }

    static let nurse = "99900000001"
    static let otherNurse = "99900000002"
    static let referent = "99900000009"
    /// Of the discharging unit.
    static let unit = "99900000008"

    static func by(_ rpps: String, as capacity: Attribution.Capacity = .professional) -> Attribution {
        Attribution(rpps: rpps, capacity: capacity)
    }

    /// A planner's context in which every role has the same candidates.
    static func context(at now: String, asking order: [String] = [nurse, otherNurse], basis: Assignment.Basis = .coverage) -> PlanningContext {
        context(instant(now), asking: order, basis: basis)
    }

    static func context(
        _ now: Instant,
        asking order: [String] = [nurse, otherNurse],
        basis: Assignment.Basis = .coverage,
        alone: Int? = nil,
        quietHours: QuietHours? = nil,
        isDeceased: Bool = false,
        readmittedAt: Instant? = nil,
        plannedElsewhere: Set<RuleReference> = [],
        away: Set<String> = []
    ) -> PlanningContext {
        PlanningContext(
            now: now,
            timeZone: paris,
            directoryVersion: 1,
            quietHours: quietHours,
            referent: referent,
            patientIsDeceased: isDeceased,
            readmittedAt: readmittedAt,
            plannedElsewhere: plannedElsewhere,
            identify: { "\($0)|\($1.value)" },
            assign: { request in
                switch request.role {
                case .referent: return Assignment(basis: .none, order: [], reason: "referent-role")
                case .dischargingUnit: return Assignment(basis: .unit, order: [unit])
                default: break
                }
                let circle = request.circle.filter { !away.contains($0) }
                let others = order.filter { !circle.contains($0) }
                if circle.isEmpty { return Assignment(basis: basis, order: order, alone: alone, commune: "85047") }
                return Assignment(basis: .circle, order: circle + others, alone: circle.count, commune: "85047")
            },
            isAvailable: { !away.contains($0.rawValue) }
        )
    }

    /// The events of a discharge home and of its planning.
    static func plannedAtHome(now: String = "2026-11-16T14:01:00+01:00") -> [PathwayEvent] {
        let before = [admitted, discharged()]
        return before + Given(before).when(.reconcile(context(at: now))).events
    }

    static func followUp(_ rule: String) -> String { "plain-home-discharge/\(rule)|2" }
}
