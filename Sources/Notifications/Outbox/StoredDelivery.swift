import Pathways
import Timekeeping

/// How far a message got, as columns.
struct StoredDelivery {
    let state: String
    /// Milliseconds since 1970: the instant of the state.
    let at: Int64?
    let takenBy: String?
    let receipt: String?
    let reason: String?
    /// Kinds of channels with spaces between them; the last word may be ``overdue``.
    let tried: String

    init(state: String, at: Int64?, takenBy: String?, receipt: String?, reason: String?, tried: String) {
        self.state = state
        self.at = at
        self.takenBy = takenBy
        self.receipt = receipt
        self.reason = reason
        self.tried = tried
    }

    init(_ delivery: Delivery) {
        let tried = (delivery.tried.map(\.rawValue) + (delivery.isOverdue ? [Self.overdue] : [])).joined(separator: " ")
        func stored(_ state: String, _ at: Instant?, by channel: ChannelKind? = nil, receipt: String? = nil, reason: String? = nil) -> Self {
            Self(
                state: state,
                at: at?.millisecondsSinceEpoch,
                takenBy: channel?.rawValue,
                receipt: receipt,
                reason: reason,
                tried: tried
            )
        }
        self =
            switch delivery.state {
            case .waiting(let until): stored("waiting", until)
            case .handedOver(let channel, let receipt, let at): stored("handed-over", at, by: channel, receipt: receipt)
            case .failed(let reason, let at): stored("failed", at, reason: reason.rawValue)
            case .settled: stored("settled", nil)
            case .cancelled(let fate): stored("cancelled", nil, reason: fate.rawValue)
            case .parked(let problem, let since): stored("parked", since, reason: problem)
            }
    }

    var handedOverAt: Int64? { state == "handed-over" ? at : nil }

    /// When what this says happened; nil if it says when something is to be.
    var changedAt: Int64? { state == "waiting" ? nil : at }

    /// What this version cannot read is there for somebody to look at.
    func delivery(channel: String?, attempts: Int, since: Int64?, mayBeOut: Bool) -> Delivery {
        let words = tried.split(separator: " ").map(String.init)
        return Delivery(
            read ?? .parked(problem: "it is kept in a form that this version cannot read", since: instant),
            channel: channel.flatMap(ChannelKind.init),
            attempts: attempts,
            since: since.map { Instant(millisecondsSinceEpoch: $0) },
            tried: words.compactMap(ChannelKind.init),
            isOverdue: words.last == Self.overdue,
            mayBeOut: mayBeOut
        )
    }

    /// One of the channels was left because it failed for too long.
    private static let overdue = "overdue"

    private var instant: Instant { Instant(millisecondsSinceEpoch: at ?? 0) }

    private var read: Delivery.State? {
        switch state {
        case "waiting": .waiting(until: instant)
        case "handed-over": takenBy.flatMap(ChannelKind.init).map { .handedOver(by: $0, receipt: receipt, at: instant) }
        case "failed": reason.flatMap(UndeliverableReason.init).map { .failed($0, at: instant) }
        case "settled": .settled
        case "cancelled": reason.flatMap(NewsFate.init).map { .cancelled($0) }
        case "parked": reason.map { .parked(problem: $0, since: instant) }
        default: nil
        }
    }
}
