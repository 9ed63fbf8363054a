import Foundation
import Pathways
import Timekeeping

// The document of `relais todo --json` and of the API: times in RFC 3339, absent members where there is nothing to say.

extension ToDoList: Encodable {
    private enum Key: String, CodingKey {
        case professional, name, position, now, timeZone, isReferent, referent, items
    }

    private struct Line: Encodable {
        let list: ToDoList
        let item: ToDoItem

        enum Key: String, CodingKey {
            case followUp, pathway, bucket, kind, title, role, `protocol`, rule, protocolVersion, priority, dueFrom, dueBy, late, answerBy
            case trigger, since, team, owner, nextDeadline, escalations, report, waitingFor, basis, assignmentReason, withdrawal, patient
            case identityMasked, commune, communeCode, visit, unit, dischargedAt, status, destination
        }

        func encode(to encoder: any Encoder) throws {
            var container = encoder.container(keyedBy: Key.self)
            try container.encode(item.followUp, forKey: .followUp)
            try container.encode(item.pathway, forKey: .pathway)
            try container.encode(list.bucket(of: item), forKey: .bucket)
            try container.encode(item.kind, forKey: .kind)
            try container.encode(item.title, forKey: .title)
            try container.encode(item.role.rawValue, forKey: .role)
            try container.encode(item.protocolID, forKey: .protocol)
            try container.encode(item.rule, forKey: .rule)
            try container.encode(item.protocolVersion, forKey: .protocolVersion)
            try container.encode(item.priority.name, forKey: .priority)
            try container.encode(item.dueFrom.rfc3339, forKey: .dueFrom)
            try container.encode(item.dueBy.rfc3339, forKey: .dueBy)
            try container.encode(item.late, forKey: .late)
            try container.encodeIfPresent(item.answerBy?.rfc3339, forKey: .answerBy)
            try container.encode(item.trigger.rawValue, forKey: .trigger)
            try container.encodeIfPresent(item.since?.rfc3339, forKey: .since)
            try container.encodeIfPresent(item.team, forKey: .team)
            try container.encodeIfPresent(item.owner, forKey: .owner)
            try container.encodeIfPresent(item.nextDeadline.map(DeadlineDocument.init), forKey: .nextDeadline)
            if !item.escalations.isEmpty { try container.encode(item.escalations, forKey: .escalations) }
            try container.encodeIfPresent(item.report, forKey: .report)
            if item.kind == .owned { try container.encode(item.waitingFor, forKey: .waitingFor) }
            try container.encodeIfPresent(item.basis?.rawValue, forKey: .basis)
            try container.encodeIfPresent(item.assignmentReason, forKey: .assignmentReason)
            try container.encodeIfPresent(item.withdrawal?.rawValue, forKey: .withdrawal)
            try container.encodeIfPresent(item.patient, forKey: .patient)
            if item.isIdentityMasked { try container.encode(true, forKey: .identityMasked) }
            try container.encodeIfPresent(item.commune, forKey: .commune)
            try container.encodeIfPresent(item.communeCode, forKey: .communeCode)
            try container.encodeIfPresent(item.visit, forKey: .visit)
            try container.encodeIfPresent(item.unit, forKey: .unit)
            try container.encodeIfPresent(item.dischargedAt?.rfc3339, forKey: .dischargedAt)
            try container.encodeIfPresent(item.status?.rawValue, forKey: .status)
            try container.encodeIfPresent(item.destination?.rawValue, forKey: .destination)
        }
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        try container.encode(professional, forKey: .professional)
        try container.encodeIfPresent(name, forKey: .name)
        try container.encode(position, forKey: .position)
        try container.encode(now.rfc3339, forKey: .now)
        try container.encode(timeZone.identifier, forKey: .timeZone)
        try container.encode(isReferent, forKey: .isReferent)
        try container.encodeIfPresent(referent, forKey: .referent)
        try container.encode(items.map { Line(list: self, item: $0) }, forKey: .items)
    }
}

extension ToDoItem.Asked: Encodable {
    private enum Key: String, CodingKey {
        case rpps, team, name, answerBy
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        switch addressee {
        case .professional(let rpps): try container.encode(rpps, forKey: .rpps)
        case .team(let id): try container.encode(id, forKey: .team)
        }
        try container.encodeIfPresent(name, forKey: .name)
        try container.encode(answerBy.rfc3339, forKey: .answerBy)
    }
}

extension ToDoItem.Escalation: Encodable {
    private enum Key: String, CodingKey {
        case at, reason, told
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        try container.encode(at.rfc3339, forKey: .at)
        try container.encode(reason.rawValue, forKey: .reason)
        try container.encode(told, forKey: .told)
    }
}

extension ToDoItem.Report: Encodable {
    private enum Key: String, CodingKey {
        case sign, at, by, called
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        try container.encodeIfPresent(sign?.rawValue, forKey: .sign)
        try container.encode(at.rfc3339, forKey: .at)
        try container.encode(by, forKey: .by)
        try container.encode(called, forKey: .called)
    }
}
