import Pathways

/// The forms of one follow-up. Each carries a key of its own, so that sending it twice acts once.
struct FollowUpForms: Sendable, Hashable {
    struct Choice: Sendable, Hashable {
        let value: String
        let label: String
        /// Unique on the page.
        let id: String
        let isChosen: Bool
    }

    struct Accept: Sendable, Hashable {
        let action: String
        let label: String
    }

    struct Decline: Sendable, Hashable {
        let action: String
        /// « Décliner », or « Rendre » what was accepted.
        let label: String
        let next: String?
        let reasons: [Choice]
    }

    struct Done: Sendable, Hashable {
        let action: String
        /// For `<input type="datetime-local">`.
        let now: String
        let outcomes: [Choice]
        let dateID: String
        let noteID: String
    }

    struct Seen: Sendable, Hashable {
        let action: String
    }

    /// The idempotency key of the page; the server adds the follow-up and the action.
    let key: String
    var accept: Accept?
    var decline: Decline?
    var done: Done?
    var seen: Seen?

    static func accept(_ id: String, asReferent: Bool) -> Accept {
        Accept(action: "/a-faire/\(id)/accepter", label: asReferent ? "Prendre en charge" : "Accepter")
    }

    static func decline(_ id: String, givingBack: Bool, next: NextAsked?) -> Decline {
        Decline(
            action: "/a-faire/\(id)/decliner",
            label: givingBack ? "Rendre" : "Décliner",
            next: next?.sentence,
            reasons: DeclineReason.allCases.map { Choice(value: $0.rawValue, label: $0.frenchName, id: "m-\($0.rawValue)-\(id)", isChosen: false) }
        )
    }

    static func done(_ id: String, now: String) -> Done {
        Done(
            action: "/a-faire/\(id)/fait",
            now: now,
            outcomes: FollowUpOutcome.allCases.map {
                Choice(value: $0.rawValue, label: $0.frenchName, id: "r-\($0.rawValue)-\(id)", isChosen: $0 == .done)
            },
            dateID: "d-\(id)",
            noteID: "n-\(id)"
        )
    }

    static func seen(_ id: String) -> Seen { Seen(action: "/a-faire/\(id)/vu") }
}
