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
            case waitingFor, basis, assignmentReason, withdrawal, patient, identityMasked, commune, communeCode, visit, unit, dischargedAt, status,
                destination
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
        case rpps, name, answerBy
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        try container.encode(rpps, forKey: .rpps)
        try container.encodeIfPresent(name, forKey: .name)
        try container.encode(answerBy.rfc3339, forKey: .answerBy)
    }
}
