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
        /// The team for which it is taken.
        let forTeam: String?
    }

    struct Decline: Sendable, Hashable {
        let action: String
        /// « Décliner », or « Rendre » what was accepted.
        let label: String
        let next: String?
        let reasons: [Choice]
        /// The team for which it is declined.
        let forTeam: String?
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

    /// « Solliciter à nouveau ».
    struct AskAgain: Sendable, Hashable {
        let action: String
    }

    /// « Reprendre »: what somebody accepted, and does not do.
    struct TakeBack: Sendable, Hashable {
        let action: String
        let reason: String
    }

    /// « Signaler un problème »: an alert sign, or a prescription that is missing.
    struct Report: Sendable, Hashable {
        let alertAction: String
        let signs: [Choice]
        let called: [Choice]
        let alertNoteID: String
        let prescriptionAction: String
        let prescriptionNoteID: String
    }

    /// The idempotency key of the page; the server adds the follow-up and the action.
    let key: String
    var accept: Accept?
    var decline: Decline?
    var done: Done?
    var seen: Seen?
    var askAgain: AskAgain?
    var takeBack: TakeBack?
    var report: Report?

    /// - Parameter team: that of the shared queue it is taken from.
    static func accept(_ id: String, asReferent: Bool, team: String? = nil) -> Accept {
        let label = asReferent ? "Prendre en charge" : team == nil ? "Accepter" : "Je prends"
        return Accept(action: "/a-faire/\(id)/accepter", label: label, forTeam: team)
    }

    static func decline(_ id: String, givingBack: Bool, team: String? = nil, next: NextAsked?) -> Decline {
        Decline(
            action: "/a-faire/\(id)/decliner",
            label: givingBack ? "Rendre" : team == nil ? "Décliner" : "Décliner pour l’équipe",
            next: next?.sentence,
            reasons: DeclineReason.allCases.map { Choice(value: $0.rawValue, label: $0.frenchName, id: "m-\($0.rawValue)-\(id)", isChosen: false) },
            forTeam: team
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

    static func askAgain(_ id: String) -> AskAgain { AskAgain(action: "/a-faire/\(id)/solliciter") }

    static func takeBack(_ id: String) -> TakeBack { TakeBack(action: "/a-faire/\(id)/decliner", reason: DeclineReason.other.rawValue) }

    static func report(_ id: String) -> Report {
        Report(
            alertAction: "/a-faire/\(id)/alerte",
            signs: AlertSign.allCases.map { Choice(value: $0.rawValue, label: $0.frenchName, id: "a-\($0.rawValue)-\(id)", isChosen: false) },
            called: EmergencyContact.allCases.map {
                Choice(value: "\(Self.calledPrefix)\($0.rawValue)", label: $0.frenchName, id: "p-\($0.rawValue)-\(id)", isChosen: false)
            },
            alertNoteID: "na-\(id)",
            prescriptionAction: "/a-faire/\(id)/ordonnance",
            prescriptionNoteID: "no-\(id)"
        )
    }

    /// Before the name of each box that says who was called: of a field that is sent twice only the first counts.
    static let calledPrefix = "appel-"
}
