import Pathways

/// « Le retour à domicile est-il confirmé ? »
struct HomeReturnForm: Sendable, Hashable {
    let now: String
    let ways: [FollowUpForms.Choice]

    init(now: String) {
        self.now = now
        ways = HomeReturnEvidence.allCases.map {
            FollowUpForms.Choice(value: $0.rawValue, label: $0.frenchName, id: "c-\($0.rawValue)", isChosen: false)
        }
    }

    /// Whether somebody went home and nobody has said that they arrived.
    static func isAwaited(_ pathway: Pathway) -> Bool {
        pathway.status == .discharged && (pathway.stay.mode?.destination ?? .home) == .home
    }
}
