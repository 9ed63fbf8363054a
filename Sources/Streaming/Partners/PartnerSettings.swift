public import EventStore

/// How a partner's topic is written and the intake read, and how patiently.
public struct PartnerSettings: Sendable, Hashable {
    /// Events that are read at once, and told in one transaction.
    public var batchLimit: Int
    /// Commands that are worked on and answered in one transaction.
    public var commandLimit: Int
    /// Milliseconds that a topic keeps records: what was recorded longer ago is not told to a topic that is empty.
    public var keeping: Int64
    /// Between attempts.
    public var backOff: BackOff

    public init(
        batchLimit: Int = 500,
        commandLimit: Int = 64,
        keeping: Int64 = 7 * 86_400_000,
        backOff: BackOff = BackOff(first: 200, longest: 15_000)
    ) {
        self.batchLimit = max(1, batchLimit)
        self.commandLimit = max(1, commandLimit)
        self.keeping = keeping
        self.backOff = backOff
    }
}
