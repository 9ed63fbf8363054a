import Pathways
import Timekeeping

extension ExplainedItem: Encodable {
    private enum Key: String, CodingKey {
        case state, from, since, role, trigger, priority, dueFrom, dueBy, acceptedBy, team, answerBy, wave, reason, onHoldSince, reviewAt, withdrawal
        case outcome, escalation, anchor
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        try container.encode(state.rawValue, forKey: .state)
        try container.encode(from, forKey: .from)
        try container.encode(since.rfc3339, forKey: .since)
        try container.encode(plan.role.rawValue, forKey: .role)
        try container.encode(plan.trigger.rawValue, forKey: .trigger)
        try container.encode(plan.priority.name, forKey: .priority)
        try container.encode(plan.dueFrom.rfc3339, forKey: .dueFrom)
        try container.encode(plan.dueBy.rfc3339, forKey: .dueBy)
        try container.encodeIfPresent(acceptedBy, forKey: .acceptedBy)
        try container.encodeIfPresent(team, forKey: .team)
        try container.encodeIfPresent(answerBy?.rfc3339, forKey: .answerBy)
        try container.encodeIfPresent(wave, forKey: .wave)
        try container.encodeIfPresent(reason, forKey: .reason)
        try container.encodeIfPresent(hold?.since.rfc3339, forKey: .onHoldSince)
        try container.encodeIfPresent(hold?.reviewAt.rfc3339, forKey: .reviewAt)
        try container.encodeIfPresent(withdrawal?.rawValue, forKey: .withdrawal)
        try container.encodeIfPresent(outcome?.rawValue, forKey: .outcome)
        try container.encodeIfPresent(escalation, forKey: .escalation)
        try container.encodeIfPresent(anchor, forKey: .anchor)
    }
}

extension ExplainedItem.Escalation: Encodable {
    private enum Key: String, CodingKey {
        case at, step, reason, told
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        try container.encode(at.rfc3339, forKey: .at)
        try container.encode(step, forKey: .step)
        try container.encode(reason.rawValue, forKey: .reason)
        try container.encode(told, forKey: .told)
    }
}

extension ExplainedItem.Anchor: Encodable {
    private enum Key: String, CodingKey {
        case kind, at, destination, unit, takenBackAt, plannedDischargeAt, sign, by, obtained
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        switch self {
        case .movement(let movement):
            try container.encode(movement.kind.rawValue, forKey: .kind)
            try container.encode(movement.at.rfc3339, forKey: .at)
            try container.encodeIfPresent(movement.destination?.rawValue, forKey: .destination)
            try container.encodeIfPresent(movement.unit, forKey: .unit)
            try container.encodeIfPresent(movement.takenBackAt?.rfc3339, forKey: .takenBackAt)
            try container.encodeIfPresent(movement.plannedDischargeAt?.rfc3339, forKey: .plannedDischargeAt)
        case .alert(let sign, let at, let by):
            try container.encode("alertSign", forKey: .kind)
            try container.encodeIfPresent(sign?.rawValue, forKey: .sign)
            try container.encode(at.rfc3339, forKey: .at)
            try container.encode(by, forKey: .by)
        case .missingPrescription(let at, let by, let obtained):
            try container.encode("prescriptionMissing", forKey: .kind)
            try container.encode(at.rfc3339, forKey: .at)
            try container.encode(by, forKey: .by)
            try container.encode(obtained, forKey: .obtained)
        }
    }
}
