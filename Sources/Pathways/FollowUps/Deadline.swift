public import Timekeeping

/// The next instant at which something of a pathway is due: computed from the log, never stored (I6).
public struct Deadline: Hashable, Sendable {
    public enum Kind: Hashable, Sendable {
        /// Offers of a wave lapse.
        case answer(followUp: String, wave: Int)
        /// A step of escalation; the last one repeats, with growing numbers.
        case escalation(followUp: String, step: Int)
        /// Somebody must look at what is on hold.
        case holdReview(followUp: String)
        /// A rule's window opens that waits for a home return nobody confirmed.
        case homeReturn
        /// A pathway in which nothing is left to do closes.
        case closing

        /// The follow-up that it is of; nil for what is of the whole pathway.
        public var followUp: String? {
            switch self {
            case .answer(let id, _), .escalation(let id, _), .holdReview(let id): id
            case .homeReturn, .closing: nil
            }
        }

        /// A stable word for keys and logs.
        public var name: String {
            switch self {
            case .answer: "answer"
            case .escalation: "escalation"
            case .holdReview: "hold-review"
            case .homeReturn: "home-return"
            case .closing: "closing"
            }
        }

        /// Orders what is due at one instant.
        var rank: Int {
            switch self {
            case .answer: 0
            case .escalation: 1
            case .holdReview: 2
            case .homeReturn: 3
            case .closing: 4
            }
        }
    }

    public let at: Instant
    public let kind: Kind

    public init(at: Instant, kind: Kind) {
        self.at = at
        self.kind = kind
    }
}
