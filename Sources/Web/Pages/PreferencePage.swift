import Pathways

/// « Mes notifications »: how one is told, and what one may do without.
struct PreferencePage: PageModel, Hashable {
    static let template = PageTemplate.preferences

    /// One kind of channel.
    struct Channel: Sendable, Hashable {
        /// The first part of its fields' names is fixed, this is the second.
        let kind: String
        let heading: String
        let hint: String
        let orders: [FollowUpForms.Choice]
        let field: AddressField?
    }

    struct AddressField: Sendable, Hashable {
        let label: String
        /// Of the `<input>`.
        let type: String
        let address: String
    }

    let head: PageHead
    let flash: Flash?
    let key: String
    /// What holds now, in one sentence each.
    let inForce: [String]
    let isSet: Bool
    let isReferent: Bool
    let channels: [Channel]
    let quietChoices: [FollowUpForms.Choice]
    let quietFrom: String
    let quietTo: String
    let templates: [FollowUpForms.Choice]

    /// - Parameter offered: the kinds that this installation has; those in force and not there are kept, and say so.
    init(
        _ recipient: Recipient,
        in territory: Territory?,
        caller: PageCaller,
        offered: [ChannelKind],
        mutable: [(name: String, title: String)],
        flash: Flash?,
        key: String
    ) {
        let chosen = recipient.channels(in: territory)
        let own = recipient.preferences?.quietHours
        let muted = recipient.preferences?.mutedTemplates ?? []
        head = PageHead(title: "Mes notifications", caller: caller.badge)
        self.flash = flash
        self.key = key
        isSet = recipient.preferences != nil
        isReferent = caller.isReferent
        inForce = Self.inForce(chosen, quiet: own ?? territory?.quietHours, offered: offered)
        let kinds = offered.filter { $0 != .inapp } + chosen.map(\.kind).filter { !offered.contains($0) && $0 != .inapp }
        channels = kinds.map { kind in
            let place = chosen.firstIndex { $0.kind == kind }
            return Channel(
                kind,
                place: place,
                of: kinds.count,
                address: place.flatMap { chosen[$0].address },
                isOffered: offered.contains(kind)
            )
        }
        let territorial = territory?.quietHours?.frenchSpan.map { "Celles du territoire, \($0)" } ?? "Celles du territoire : aucune"
        let quiet = own.map { $0.frenchSpan == nil ? PreferenceForm.Quiet.none : .own } ?? .territory
        quietChoices = [(.territory, territorial), (.own, "Les miennes :"), (.none, "Aucune : prévenez-moi à toute heure")].map {
            choice,
            label in
            FollowUpForms.Choice(value: choice.rawValue, label: label, id: "calme-\(choice.rawValue)", isChosen: choice == quiet)
        }
        let hours = own?.frenchSpan == nil ? territory?.quietHours : own
        quietFrom = hours.map { DayTime.text($0.from) } ?? "20:00"
        quietTo = hours.map { DayTime.text($0.to) } ?? "07:00"
        templates = mutable.map {
            FollowUpForms.Choice(value: "oui", label: $0.title, id: "sans-\($0.name)", isChosen: muted.contains($0.name))
        }
    }

    private static func inForce(_ chosen: [ChannelAddress], quiet: QuietHours?, offered: [ChannelKind]) -> [String] {
        let usable = chosen.filter { offered.contains($0.kind) }
        var sentences = usable.enumerated().map { index, channel in
            let address = channel.address.map { " : \($0)" } ?? ""
            return "\(index == 0 ? "D’abord" : "Sinon") par \(channel.kind.frenchName)\(address)."
        }
        if sentences.isEmpty { sentences.append("Aucun message ne part : tout est dans « À faire ».") }
        sentences.append(
            quiet?.frenchSpan.map { "Pas de message \($0), sauf urgence." } ?? "À toute heure."
        )
        return sentences
    }
}

extension PreferencePage.Channel {
    /// - Parameter place: 0 for the first that is tried; nil if it is not used.
    fileprivate init(_ kind: ChannelKind, place: Int?, of count: Int, address: String?, isOffered: Bool) {
        self.kind = kind.rawValue
        heading = kind.frenchHeading
        hint = isOffered ? kind.frenchHint : "Ce moyen n’est pas disponible ici pour le moment."
        orders =
            [FollowUpForms.Choice(value: "", label: "Ne pas utiliser", id: "", isChosen: place == nil)]
            + (1...max(count, 1)).map { number in
                FollowUpForms.Choice(
                    value: "\(number)",
                    label: number == 1 ? "En premier" : "En n° \(number)",
                    id: "",
                    isChosen: place == number - 1
                )
            }
        field =
            kind.hasAddress
            ? PreferencePage.AddressField(label: kind.frenchAddressName, type: kind.fieldType, address: address ?? "") : nil
    }
}

extension ChannelKind {
    fileprivate var fieldType: String {
        switch self {
        case .mssante, .email: "email"
        case .sms: "tel"
        case .webhook: "url"
        case .inapp, .sandbox: "text"
        }
    }
}
