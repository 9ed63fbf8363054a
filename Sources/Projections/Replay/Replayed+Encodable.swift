import EventStore
import Pathways
import Timekeeping

// The document of `relais replay --json`. Every member of its contract is there, null where there is nothing to say.

extension Replayed: Encodable {
    private enum Key: String, CodingKey {
        case pathway, visit, facility, patient, mergedInto, status, admittedAt, dischargedAt, homeReturnedAt, destination, ins, unit, had
        case plannedDischargeAt, returnExpectedAt, takenOverFrom, handedOverTo, followUps, events
    }

    public func encode(to encoder: any Encoder) throws {
        let stay = pathway.stay
        var container = encoder.container(keyedBy: Key.self)
        try container.encode(stream.hex, forKey: .pathway)
        try container.encode(pathway.reference?.visit.value, forKey: .visit)
        try container.encode(pathway.reference?.visit.authority, forKey: .facility)
        try container.encode(pathway.reference?.patient.value, forKey: .patient)
        // The local number that lives on, where the hospital merged this one into it.
        try container.encode(mergedInto?.value, forKey: .mergedInto)
        try container.encode(status?.rawValue, forKey: .status)
        try container.encode(stay.admittedAt?.rfc3339, forKey: .admittedAt)
        try container.encode(stay.dischargedAt?.rfc3339, forKey: .dischargedAt)
        try container.encode(pathway.homeReturnedAt?.rfc3339, forKey: .homeReturnedAt)
        try container.encode(stay.mode?.destination.rawValue, forKey: .destination)
        // An INS is kept only where the identity is qualified.
        try container.encode(patient.identity?.ins == nil ? "none" : "qualified", forKey: .ins)
        try container.encode(stay.unit.map { $0.label ?? $0.code }, forKey: .unit)
        try container.encode(stay.isHAD, forKey: .had)
        try container.encode(pathway.plannedDischargeAt?.rfc3339, forKey: .plannedDischargeAt)
        // From leave.
        try container.encode(stay.returnExpectedAt?.rfc3339, forKey: .returnExpectedAt)
        // The ids of territories.
        try container.encode(pathway.takenOver?.from, forKey: .takenOverFrom)
        try container.encode(pathway.handedOver?.to, forKey: .handedOverTo)
        try container.encode(pathway.followUps.map { FollowUpDocument(followUp: $0, owner: owner(of: $0), now: now) }, forKey: .followUps)
        try container.encode(events, forKey: .events)
    }
}

extension Replayed.Event: Encodable {
    private enum Key: String, CodingKey {
        case position, version, type, occurredAt, recordedAt, source, actor, erased
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        try container.encode(position, forKey: .position)
        try container.encode(version, forKey: .version)
        try container.encode(type, forKey: .type)
        try container.encode(occurredAt.rfc3339, forKey: .occurredAt)
        try container.encode(recordedAt.rfc3339, forKey: .recordedAt)
        try container.encode(source, forKey: .source)
        try container.encode(actor, forKey: .actor)
        if isErased { try container.encode(true, forKey: .erased) }
    }
}

private struct FollowUpDocument: Encodable {
    let followUp: FollowUp
    let owner: String?
    let now: Instant

    enum Key: String, CodingKey {
        case id, role, title, `protocol`, rule, status, late, owner, dueFrom, dueBy, offers
    }

    func encode(to encoder: any Encoder) throws {
        let plan = followUp.plan
        var container = encoder.container(keyedBy: Key.self)
        try container.encode(plan.id, forKey: .id)
        try container.encode(plan.role.rawValue, forKey: .role)
        try container.encode(plan.title, forKey: .title)
        try container.encode(plan.rule.followUpProtocol, forKey: .protocol)
        try container.encode(plan.rule.rule, forKey: .rule)
        try container.encode(followUp.status.rawValue, forKey: .status)
        try container.encode(followUp.isLate(at: now), forKey: .late)
        try container.encode(owner, forKey: .owner)
        try container.encode(plan.dueFrom.rfc3339, forKey: .dueFrom)
        try container.encode(plan.dueBy.rfc3339, forKey: .dueBy)
        try container.encode(followUp.offers.map(OfferDocument.init), forKey: .offers)
    }
}

private struct OfferDocument: Encodable {
    let offer: Offer

    enum Key: String, CodingKey {
        case to, at, until, answer
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        try container.encode("urn:rpps:\(offer.to)", forKey: .to)
        try container.encode(offer.at.rfc3339, forKey: .at)
        try container.encode(offer.until.rfc3339, forKey: .until)
        try container.encode(offer.answer.rawValue, forKey: .answer)
    }
}
