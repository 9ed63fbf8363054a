import Pathways
import Timekeeping

/// What one reader may see of who was told about a pathway, the newest first.
struct LedgerView: Sendable, Hashable {
    /// What the ledger says of the reader themselves.
    enum Own: Sendable, Hashable {
        case told(at: Instant, by: ChannelKind)
        /// Something was to be told them, and reached them nowhere.
        case notReached
        case notTold
    }

    let own: Own
    let rows: [LedgerRow]

    /// Whoever answers for the order sees all of it. Anybody else sees what was told to themselves, and to those whom the page names: the
    /// care circle and the référent-parcours, but of a follow-up only what was told to whoever took it. Whom else it was offered to, and
    /// who gave it back, is not theirs to know.
    init(_ all: [LedgerRow], of pathway: Pathway, for reader: String, seesAll: Bool, referent: String?) {
        let named = Set(pathway.careCircle.map(\.rpps) + [referent].compactMap(\.self))
        rows = all.filter { row in
            if seesAll || row.recipient == reader { return true }
            guard let followUp = row.followUp else { return named.contains(row.recipient) }
            return pathway.followUp(followUp)?.acceptedBy == row.recipient
        }.sorted { one, other in
            (other.beginning, one.recipient, one.message, one.template, one.followUp ?? "")
                < (one.beginning, other.recipient, other.message, other.template, other.followUp ?? "")
        }
        let mine = all.filter { $0.recipient == reader }
        let seen = mine.filter { $0.openedAt != nil }.flatMap(\.handOvers)
        if let last = (mine.flatMap(\.standing) + seen).max(by: { $0.at < $1.at }) {
            own = .told(at: last.at, by: last.channel)
        } else {
            own = mine.isEmpty ? .notTold : .notReached
        }
    }
}
