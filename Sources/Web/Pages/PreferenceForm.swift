import Pathways

/// What the form of « Mes notifications » sends.
enum PreferenceForm {
    enum Quiet: String, CaseIterable {
        case territory = "territoire"
        case own = "perso"
        case none = "aucune"
    }

    /// - Throws: `FormFault`.
    static func wishes(in form: FormBody, mutable: [String]) throws(FormFault) -> ChannelWishes {
        var chosen: [(order: Int, channel: ChannelAddress)] = []
        for kind in ChannelKind.allCases {
            guard let text = form["ordre-\(kind.rawValue)"] else { continue }
            guard let order = Int(text), (1...ChannelKind.allCases.count).contains(order) else { throw FormFault(.channelsUnreadable) }
            guard !chosen.contains(where: { $0.order == order }) else { throw FormFault(.orderTwice) }
            let address = kind.hasAddress ? form["adresse-\(kind.rawValue)"] : nil
            guard address != nil || !kind.hasAddress else { throw FormFault(.addressMissing) }
            chosen.append((order, ChannelAddress(kind: kind, address: address)))
        }
        return ChannelWishes(
            channels: chosen.sorted { $0.order < $1.order }.map(\.channel),
            quietHours: try quietHours(in: form),
            mutedTemplates: mutable.filter { form["sans-\($0)"] != nil }
        )
    }

    /// Nil for the territory's.
    private static func quietHours(in form: FormBody) throws(FormFault) -> QuietHours? {
        switch form["calme"].flatMap(Quiet.init(rawValue:)) {
        case .territory: return nil
        // Hours that end when they begin: none.
        case Quiet.none?: return QuietHours(from: 0, to: 0)
        case .own:
            guard let from = form["calme-de"], let to = form["calme-a"], let hours = QuietHours(from: from, to: to) else {
                throw FormFault(.hoursUnreadable)
            }
            return hours
        case nil: throw FormFault(.hoursUnreadable)
        }
    }
}
