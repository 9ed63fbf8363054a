import Pathways

/// To whom a follow-up goes when somebody declines it or gives it back: what the screen says before they do.
enum NextAsked: Sendable, Hashable {
    /// Others are being asked at this very moment.
    case othersAreAsked
    /// They come next in the published order.
    case professional(String)
    /// Nobody is left to ask.
    case referent(String)

    /// - Parameters:
    ///   - addressee: who would decline: an RPPS, or a team.
    ///   - name: what the directory calls an addressee; nil for whom it does not hold.
    init(_ followUp: FollowUp, declining addressee: String, referent: String, name: (String) -> String?) {
        if followUp.pendingOffers.contains(where: { $0.to != addressee }) {
            self = .othersAreAsked
            return
        }
        let asked = Set(followUp.offers.filter { $0.answer != .superseded }.map(\.to)).union(followUp.givenBackBy).union([addressee])
        if let next = followUp.assignment?.order.first(where: { !asked.contains($0) }), let found = name(next) {
            self = .professional(found)
        } else {
            self = .referent(referent)
        }
    }

    var sentence: String {
        switch self {
        case .othersAreAsked: "D’autres professionnels sont déjà sollicités : la demande continue avec eux."
        case .professional(let name): "La demande ira ensuite à \(name)."
        case .referent(let name): "La demande reviendra à \(name), référent-parcours."
        }
    }
}
