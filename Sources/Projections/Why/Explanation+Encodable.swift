import EventStore
import Foundation
import Pathways
import Timekeeping

// The document of `relais why --json` and of the API: times in RFC 3339, absent members where there is nothing to say. What would lead to the
// patient in the hospital's own systems (visit, movement numbers) is not in it.

extension Explanation: Encodable {
    /// The canonical document: members in the order of their names, no white space, UTF-8. The same log gives the same bytes.
    public func json() throws -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return Array(try encoder.encode(self))
    }

    private enum Key: String, CodingKey {
        case position, pathway, followUp, item, holder, owner, because, `protocol`, asked, next, nextDeadline, sentence
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        try container.encode(position, forKey: .position)
        try container.encode(pathway.hex, forKey: .pathway)
        try container.encode(item.followUp, forKey: .followUp)
        try container.encode(item, forKey: .item)
        try container.encodeIfPresent(holder, forKey: .holder)
        try container.encodeIfPresent(owner, forKey: .owner)
        try container.encode(because, forKey: .because)
        try container.encode(rule, forKey: .protocol)
        try container.encode(asked, forKey: .asked)
        try container.encode(next, forKey: .next)
        try container.encodeIfPresent(nextDeadline.map(DeadlineDocument.init), forKey: .nextDeadline)
        try container.encode(sentence, forKey: .sentence)
    }
}

extension Explanation.Cause: Encodable {
    private enum Key: String, CodingKey {
        case position, id, type, occurredAt, recordedAt, sentence
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        try container.encode(position, forKey: .position)
        try container.encode(id.description, forKey: .id)
        try container.encode(type, forKey: .type)
        try container.encode(occurredAt.rfc3339, forKey: .occurredAt)
        try container.encode(recordedAt.rfc3339, forKey: .recordedAt)
        try container.encode(sentence, forKey: .sentence)
    }
}

extension Explanation.Rule: Encodable {
    private enum Key: String, CodingKey {
        case id, version, rule, title, protocolTitle, source, sourceDate, doubt, publishedAt
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        try container.encode(protocolID, forKey: .id)
        try container.encode(version, forKey: .version)
        try container.encode(rule, forKey: .rule)
        try container.encode(title, forKey: .title)
        try container.encodeIfPresent(protocolTitle, forKey: .protocolTitle)
        try container.encodeIfPresent(source, forKey: .source)
        try container.encodeIfPresent(sourceDate, forKey: .sourceDate)
        try container.encodeIfPresent(doubt, forKey: .doubt)
        try container.encodeIfPresent(publishedAt, forKey: .publishedAt)
    }
}

extension Explanation.Party: Encodable {
    private enum Key: String, CodingKey {
        case rpps, team, name
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        switch addressee {
        case .professional(let rpps): try container.encode(rpps, forKey: .rpps)
        case .team(let id): try container.encode(id, forKey: .team)
        }
        try container.encodeIfPresent(name, forKey: .name)
    }
}

extension Explanation.Asked: Encodable {
    private enum Key: String, CodingKey {
        case who, wave, position, at, until, basis, load, answer, reason, answeredAt, answeredBy
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        try container.encode(party, forKey: .who)
        try container.encode(wave, forKey: .wave)
        try container.encode(position, forKey: .position)
        try container.encode(at.rfc3339, forKey: .at)
        try container.encode(until.rfc3339, forKey: .until)
        try container.encode(basis.rawValue, forKey: .basis)
        try container.encodeIfPresent(load, forKey: .load)
        try container.encode(answer.rawValue, forKey: .answer)
        try container.encodeIfPresent(reason?.rawValue, forKey: .reason)
        try container.encodeIfPresent(answeredAt?.rfc3339, forKey: .answeredAt)
        try container.encodeIfPresent(answeredBy, forKey: .answeredBy)
    }
}
