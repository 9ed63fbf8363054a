/// What became of an append that was not refused.
public enum AppendOutcome: Sendable, Hashable {
    /// Durable from now on.
    case appended(AppendReceipt)
    /// The command was recorded before: its first answer (nil = erased since), and the position at which a reader
    /// sees what it did.
    case repeated(answer: [UInt8]?, position: Int64)

    /// The position a view must have reached to show the effect.
    public var position: Int64 {
        switch self {
        case .appended(let receipt): receipt.position
        case .repeated(_, let position): position
        }
    }
}
