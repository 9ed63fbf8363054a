public import Pathways
public import Timekeeping

/// What the log said at a position of it: the same whenever it is asked, but for what was erased since.
public protocol LogPast: Sendable {
    /// - Parameters:
    ///   - stream: hexadecimal.
    ///   - news: what is told of it: of the follow-ups, those that it and its event name are there, and its event; nil for none of them.
    /// - Returns: nil if something of it up to there was erased.
    /// - Throws: `EventStoreError` if storage fails; anything else that no retry repairs.
    func pathway(_ stream: String, at position: Int64, telling news: News?) throws -> PathwayPast?

    /// - Parameters:
    ///   - stream: hexadecimal.
    ///   - position: `Int64.max` for what is known now.
    func patient(_ stream: String, at position: Int64) throws -> Patient

    /// That somebody could not be told: it is in a stream that its news does not name.
    ///
    /// - Parameter at: when it happened; it was not recorded before.
    /// - Returns: nil if it was erased.
    func undeliverable(_ event: String, since at: Instant, upTo position: Int64) throws -> MessageUndeliverable?

    /// The directory in force; nil before the first publication.
    func territory(at position: Int64) throws -> Territory?
}
