import Pathways
import Projections
import Timekeeping

/// The ledger as JSON.
struct LedgerDocument: Encodable {
    struct Line: Encodable {
        struct HandOver: Encodable {
            let channel: String
            let reminder: Int
            let attempts: Int
            let at: String
        }

        struct Bounce: Encodable {
            let channel: String
            let reason: String
            let code: String?
            let at: String
        }

        struct Undeliverable: Encodable {
            let reason: String
            let tried: [String]
            let told: String?
            let at: String
        }

        struct Acted: Encodable {
            let kind: String
            let at: String
        }

        let recipient: String
        let name: String?
        let message: String
        let event: String
        let template: String
        let pathway: String?
        let followUp: String?
        let urgency: String?
        let stage: String
        let handOvers: [HandOver]
        let deliveredAt: String?
        let openedAt: String?
        let openedVia: String?
        let acted: Acted?
        let bounces: [Bounce]
        let undeliverable: Undeliverable?

        init(_ line: ToldLine) {
            recipient = line.recipient.rpps
            name = line.recipient.name
            message = line.message.id
            event = line.item.event
            template = line.item.template
            pathway = line.item.pathway
            followUp = line.item.followUp
            urgency = line.urgency?.rawValue
            stage = line.stage.rawValue
            handOvers = line.handOvers.map { HandOver(channel: $0.channel.rawValue, reminder: $0.reminder, attempts: $0.attempts, at: $0.at.rfc3339) }
            deliveredAt = line.deliveredAt?.rfc3339
            openedAt = line.opened?.at.rfc3339
            openedVia = line.opened?.via.rawValue
            acted = line.acted.map { Acted(kind: $0.kind.rawValue, at: $0.at.rfc3339) }
            bounces = line.bounces.map { Bounce(channel: $0.channel.rawValue, reason: $0.reason.rawValue, code: $0.code, at: $0.at.rfc3339) }
            undeliverable = line.undeliverable.map {
                Undeliverable(reason: $0.reason.rawValue, tried: $0.tried.map(\.rawValue), told: $0.told, at: $0.at.rfc3339)
            }
        }
    }

    let told: [Line]
}
