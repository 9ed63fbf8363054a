import Pathways
import Timekeeping

/// Who was told about a pathway, as far as its reader may know.
struct LedgerDocument: Encodable {
    struct HandOver: Encodable {
        let channel: String
        let reminder: Int
        let at: String
    }

    struct Return: Encodable {
        let channel: String
        let reason: String
        let at: String
    }

    struct Failure: Encodable {
        let reason: String
        let told: String?
        let toldName: String?
        let at: String
    }

    struct Row: Encodable {
        let message: String
        let professional: String
        let name: String?
        let role: String?
        let template: String
        let title: String
        let followUp: String?
        let handedOver: [HandOver]
        let deliveredAt: String?
        let openedAt: String?
        let actedAt: String?
        let returned: [Return]
        let undeliverable: Failure?
    }

    struct Telling: Encodable {
        let channel: String
        let at: String
    }

    let pathway: String
    /// The reader.
    let professional: String
    /// The last message to the reader that a channel took and did not give back; absent if there is none.
    let lastTold: Telling?
    let told: [Row]

    init(_ view: LedgerView, pathway: String, reader: String, _ people: PeopleNames, title: (String) -> String) {
        self.pathway = pathway
        professional = reader
        lastTold = if case .told(let at, let channel) = view.own { Telling(channel: channel.rawValue, at: at.rfc3339) } else { nil }
        told = view.rows.map { Row($0, people, title: title) }
    }
}

extension LedgerDocument.Row {
    fileprivate init(_ row: LedgerRow, _ people: PeopleNames, title: (String) -> String) {
        message = row.message
        professional = row.recipient
        name = people.name(row.recipient)
        role = people.role(row.recipient)?.rawValue
        template = row.template
        self.title = title(row.template)
        followUp = row.followUp
        handedOver = row.handOvers.map { LedgerDocument.HandOver(channel: $0.channel.rawValue, reminder: $0.reminder, at: $0.at.rfc3339) }
        deliveredAt = row.deliveredAt?.rfc3339
        openedAt = row.openedAt?.rfc3339
        actedAt = row.actedAt?.rfc3339
        returned = row.returns.map { LedgerDocument.Return(channel: $0.channel.rawValue, reason: $0.reason.rawValue, at: $0.at.rfc3339) }
        undeliverable = row.failure.map { failure in
            LedgerDocument.Failure(
                reason: failure.reason.rawValue,
                told: failure.told,
                toldName: failure.told.flatMap { people.name($0) },
                at: failure.at.rfc3339
            )
        }
    }
}
