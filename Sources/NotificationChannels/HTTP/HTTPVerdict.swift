/// What an HTTP answer means for the delivery (RFC 9110 §15). Pure.
enum HTTPVerdict {
    /// Whose fault a refused log-in is.
    enum Owner {
        /// The endpoint is the recipient's, who does not want us.
        case recipient
        /// The account is ours: no fault of this recipient, and the operator can repair it.
        case us
    }

    /// The longest pause a peer may ask for.
    private static let longestPause = Duration.seconds(86_400)

    static func outcome(of answer: HTTPAnswer, account: Owner, receipt: String?) -> DeliveryOutcome {
        let word = "http-\(answer.status)"
        switch answer.status {
        case 200...299: return .handedOver(receipt: receipt)
        case 401, 402, 403, 407: return account == .us ? .later(reason: "configuration-\(word)", after: nil) : .never(reason: word)
        case 408, 425: return .later(reason: word, after: pause(answer))
        case 429, 503: return .later(reason: word, after: pause(answer))
        // Of our own gateway the two that speak of what was sent are the recipient's; a wrong path or method is the operator's to repair.
        case 400, 422: return .never(reason: word)
        case 400...499: return account == .us ? .later(reason: "configuration-\(word)", after: pause(answer)) : .never(reason: word)
        case 500...599: return .later(reason: word, after: nil)
        // A redirect is not followed: it would carry the message where nobody decided it should go. The operator sees the word.
        default: return .later(reason: word, after: nil)
        }
    }

    private static func pause(_ answer: HTTPAnswer) -> Duration? {
        answer.retryAfter.map { min(max($0, .zero), longestPause) }
    }
}
