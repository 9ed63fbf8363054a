/// The discharge that the city works on: that of the visit, or an earlier one of the same visit while the patient is back.
struct DischargeInForce {
    /// Where the visit stood once the patient had left.
    let stay: Stay
    /// Whether the patient is in hospital again, for the same visit.
    let isBack: Bool
}

extension VisitHistory {
    /// Nil before a first discharge from a stay. An emergency visit under the same number interrupts, and ends, nothing.
    var dischargeInForce: DischargeInForce? {
        if stay.status == .discharged && !stay.isEmergencyVisit { return DischargeInForce(stay: stay, isBack: false) }
        guard stay.status != .cancelled, stay.status != .unknown, movements.contains(where: { $0.kind == .discharge && !$0.isCancelled }) else {
            return nil
        }
        var past: Stay?
        var told = Stay()
        for movement in movements {
            told.apply(movement)
            if told.status == .discharged && !told.isEmergencyVisit { past = told }
        }
        return past.map { DischargeInForce(stay: $0, isBack: stay.isInHospital) }
    }

    /// The movements with which the stay of now began, or will: the announcement, the pre-admission, the admission. The first of them names
    /// it, so that what hospital and ward say of it meets.
    var beginnings: [MovementID] {
        var beginnings: [MovementID] = []
        var isOver = false
        for stated in movements where !stated.isCancelled {
            if stated.kind == .discharge { isOver = !beginnings.isEmpty }
            guard stated.beginsVisit else { continue }
            if isOver {
                beginnings = []
                isOver = false
            }
            beginnings.append(stated.movement.id)
        }
        return beginnings
    }
}
