import Foundation
import Timekeeping

/// What an event changes of a visit. Reckoned from where it stood before and after, not from the event's name: messages come late, repeated
/// and in any order, and only what changes is news.
extension Happening {
    func stayMatters(_ territory: Territory?) -> [NewsMatter] {
        let days = LocalDays(territory.flatMap { TimeZone(identifier: $0.timeZone) } ?? .gmt)
        let anchor = after.history.beginnings.first
        var matters: [NewsMatter] = []
        if after.endedInDeath != before.endedInDeath { return [deathMatter] }
        if let condition = lifeCondition(days) {
            // Of what changes or ends, nothing is planned that would tell it to whom has nothing pending.
            let planned = condition == .discharged ? after.stay.discharge : condition == .stayBegins ? anchor : nil
            matters.append(NewsMatter(conditions: [condition], anchor: planned))
        }
        if let condition = expectationCondition(days) {
            matters.append(NewsMatter(conditions: [condition], anchor: condition == .plannedDischargeFirst ? anchor : nil))
        }
        if before.isStay && after.isStay, let fresh = newlyDeclared {
            matters.append(NewsMatter(conditions: [.newlyDeclared], only: fresh, anchor: anchor))
        }
        return matters.isEmpty ? [NewsMatter()] : matters
    }

    /// Those with something pending are told by what becomes of it; those told in another pathway were told.
    private var deathMatter: NewsMatter {
        if before.endedInDeath { return NewsMatter(conditions: [.deathTakenBack], told: before.toldOfDeath.sorted()) }
        let pending = Set(after.followUps.filter(\.status.isPending).flatMap(\.concerned))
        let others = Set(after.stay.declared.map(\.rpps) + after.followUps.compactMap(\.acceptedBy))
        return NewsMatter(conditions: [.death], only: others.subtracting(pending).subtracting(toldOfDeath))
    }

    private func lifeCondition(_ days: LocalDays) -> NewsCondition? {
        let (was, isNow) = (before.stay, after.stay)
        if isNow.status == .cancelled {
            return was.status == .cancelled || was.status == .unknown || was.isEmergencyVisit ? nil : .admissionCancelled
        }
        if was.status == .discharged, !was.isEmergencyVisit {
            if isNow.status == .discharged {
                let isCorrected = was.mode?.destination != isNow.mode?.destination || day(was.dischargedAt, days) != day(isNow.dischargedAt, days)
                return isCorrected && !isNow.isEmergencyVisit ? .dischargeCorrected : nil
            }
            // Back in: admitted anew, or the discharge never was.
            if isNow.isInHospital { return after.isStay ? (isReadmission ? .stayBegins : .dischargeCancelled) : nil }
        }
        if !before.isStay && after.isStay { return .stayBegins }
        if isNow.status == .discharged, was.status != .discharged, !isNow.isEmergencyVisit, isNow.patientClass != .recurring { return .discharged }
        return nil
    }

    private var isReadmission: Bool { before.stay.discharge.map { after.history.movement($0)?.isCancelled == false } ?? false }

    private func expectationCondition(_ days: LocalDays) -> NewsCondition? {
        guard after.isStay || after.stay.status == .preadmitted, before.stay.status != .discharged else { return nil }
        switch (before.expectedDischarge, after.expectedDischarge) {
        case (nil, .some): return .plannedDischargeFirst
        case (.some, nil): return .plannedDischargeTakenBack
        case (let was?, let isNow?): return days.day(of: was) == days.day(of: isNow) ? nil : .plannedDischargeChanged
        case (nil, nil): return nil
        }
    }

    private var newlyDeclared: Set<String>? {
        let fresh = after.stay.declared.filter { declared in !before.stay.declared.contains { $0.rpps == declared.rpps && $0.role == declared.role } }
        return fresh.isEmpty ? nil : Set(fresh.map(\.rpps))
    }

    private func day(_ instant: Instant?, _ days: LocalDays) -> Int? { instant.map(days.day) }
}

extension Pathway {
    /// Whether the patient is in hospital for what the city follows: no emergency visit, no session.
    var isStay: Bool { stay.isInHospital && !stay.isEmergencyVisit && stay.patientClass != .recurring }
}
