/// What became of one attempt. Reasons are words for logs, facts and decisions: never a peer's own text, which may quote an address.
public enum DeliveryOutcome: Sendable, Hashable {
    /// The next party has it. The receipt is what that party calls it, if it said so.
    case handedOver(receipt: String?)
    /// Not now. `after` is how long the peer asked to wait, if it did.
    case later(reason: String, after: Duration?)
    /// Not this way, however often it is tried.
    case never(reason: String)
}
