import Pathways

/// How somebody is told, and what they can choose from.
struct PreferenceDocument: Encodable {
    struct Channel: Encodable {
        let kind: String
        let address: String?
    }

    struct Hours: Encodable {
        let from: String
        let to: String

        init(_ hours: QuietHours) {
            from = DayTime.text(hours.from)
            to = DayTime.text(hours.to)
        }
    }

    struct Template: Encodable {
        let name: String
        let title: String
    }

    struct Choices: Encodable {
        let channels: [String]
        let templates: [Template]
    }

    let professional: String
    /// False while the directory decides.
    let isSet: Bool
    /// Those that hold.
    let channels: [Channel]
    /// Their own; absent: the territory's hold.
    let quietHours: Hours?
    let territoryQuietHours: Hours?
    let mutedTemplates: [String]
    let choices: Choices

    init(_ recipient: Recipient, in territory: Territory?, _ notifications: NotificationServices) {
        professional = recipient.rpps
        isSet = recipient.preferences != nil
        channels = recipient.channels(in: territory).map { Channel(kind: $0.kind.rawValue, address: $0.address) }
        quietHours = recipient.preferences?.quietHours.map(Hours.init)
        territoryQuietHours = territory?.quietHours.map(Hours.init)
        mutedTemplates = recipient.preferences?.mutedTemplates ?? []
        choices = Choices(
            channels: notifications.channels.map(\.rawValue),
            templates: notifications.mutableTemplates.map { Template(name: $0, title: notifications.title($0)) }
        )
    }
}
