import Pathways

/// How many things are asked and told, in words. It is all that an open channel says.
struct CountWords {
    private let requests: Int
    private let urgentRequests: Int
    private let told: Int
    private let urgentTold: Int

    init(_ items: [News]) {
        let asking = items.filter(\.asks)
        requests = asking.count
        urgentRequests = asking.count { $0.urgency == .urgent }
        told = items.count - asking.count
        urgentTold = items.count { !$0.asks && $0.urgency == .urgent }
    }

    /// « 2 nouvelles demandes urgentes et 1 information ».
    ///
    /// - Parameter tellsUrgency: false where there is no room for it.
    func news(tellsUrgency: Bool = true) -> String {
        let asked = part(requests, tellsUrgency ? urgentRequests : 0, "nouvelle demande", "nouvelles demandes")
        let news = part(told, tellsUrgency ? urgentTold : 0, "information", "informations")
        return [asked, news].compactMap { $0 }.joined(separator: " et ")
    }

    /// « 2 demandes attendent votre réponse ». Reminders are of what asks.
    func reminder(tellsUrgency: Bool = true) -> String {
        let count = requests + told
        let urgent = tellsUrgency ? urgentRequests + urgentTold : 0
        let words = part(count, urgent, "demande", "demandes") ?? ""
        return "\(words) \(count == 1 ? "attend" : "attendent") votre réponse"
    }

    private func part(_ count: Int, _ urgent: Int, _ one: String, _ many: String) -> String? {
        if count == 0 { return nil }
        let words = "\(count) \(count == 1 ? one : many)"
        if urgent == 0 { return words }
        if urgent == count { return "\(words) \(count == 1 ? "urgente" : "urgentes")" }
        return "\(words) (dont \(urgent) \(urgent == 1 ? "urgente" : "urgentes"))"
    }
}
