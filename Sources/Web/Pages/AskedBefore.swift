import FrenchText
import Pathways
import Timekeeping

/// Who was asked for a follow-up before whoever reads the list, and what came of it. Names are for those who answer for the order; everybody
/// else learns how many, so that a refusal stays nobody else's business.
struct AskedBefore: Sendable, Hashable {
    struct Line: Sendable, Hashable {
        let name: String
        let answer: String
        let at: Moment
    }

    /// « Avant vous, 2 sollicitations : 1 refus, 1 sans réponse à temps. »
    let summary: String
    /// Empty for those who are only asked.
    let lines: [Line]

    init(summary: String, lines: [Line]) {
        self.summary = summary
        self.lines = lines
    }

    /// - Parameters:
    ///   - reader: how offers to the reader are written: their RPPS, and the teams they belong to.
    ///   - names: whether the reader answers for the order.
    ///   - name: what the directory calls an addressee.
    init(_ followUp: FollowUp, reader: Set<String>, names: Bool, clock: FrenchClock, name: (String) -> String) {
        let own = followUp.offers.first { reader.contains($0.to) }
        let before = followUp.offers.filter { offer in !reader.contains(offer.to) && own.map { offer.wave < $0.wave } ?? true }
        summary = Self.summary(of: before, isAsked: own != nil)
        lines = names ? before.map { Line(name: name($0.to), answer: $0.answer.frenchName, at: clock.moment($0.at)) } : []
    }

    private static func summary(of offers: [Offer], isAsked: Bool) -> String {
        guard !offers.isEmpty else { return isAsked ? "Personne n’a été sollicité avant vous." : "Personne n’a été sollicité jusqu’ici." }
        let counted: [(Offer.Answer, String, String)] = [
            (.declined, "refus", "refus"), (.lapsed, "sans réponse à temps", "sans réponse à temps"),
            (.made, "en attente de réponse", "en attente de réponse"), (.superseded, "annulée depuis", "annulées depuis"),
            (.accepted, "acceptée puis rendue", "acceptées puis rendues"),
        ]
        let parts = counted.compactMap { answer, one, several -> String? in
            let count = offers.count { $0.answer == answer }
            return count == 0 ? nil : "\(count) \(count == 1 ? one : several)"
        }
        let number = offers.count == 1 ? "1 sollicitation" : "\(offers.count) sollicitations"
        return "\(isAsked ? "Avant vous" : "Jusqu’ici"), \(number) : \(parts.joined(separator: ", "))."
    }
}
