import EventStore

/// A read model: tables made from the log and from nothing else, which can be thrown away and made again (I8).
///
/// Pure with respect to the world: what it writes is a function of the events alone. It gets no clock, no chance and nothing that could
/// have an effect, so that building it again repeats nothing. What has effects is a reactor.
protocol Projection: Sendable {
    /// Stable: checkpoints are kept under it.
    static var name: String { get }
    /// Raised when the same events shall give other rows: tables of the new version are then built beside the old ones.
    static var version: Int64 { get }
    /// The oldest version whose tables this release can still read, and shows while it builds its own; `version` unless it says otherwise.
    static var oldestReadableVersion: Int64 { get }
    /// The event types it reads; all others are passed over without being opened.
    static var interests: Set<String> { get }
    /// Its tables, without their generation.
    static var tables: [String] { get }
    /// The statements that create the tables of one generation, with the indexes that its writer looks things up by.
    static func schema(_ tables: ViewTables) -> [String]
    /// The indexes that only readers and erasures need, each created only if it is missing: a build makes them once, when it has caught
    /// up, which costs a fraction of keeping them up to date row by row.
    static func indexes(_ tables: ViewTables) -> [String]
    /// What writes to the tables of one generation.
    static func writer(_ tables: ViewTables, lookupKey: @escaping INSLookupKey) throws -> any ProjectionWriter
}

extension Projection {
    static var oldestReadableVersion: Int64 { version }
    static func indexes(_ tables: ViewTables) -> [String] { [] }
}

/// Folds events into the tables of one generation of a projection.
protocol ProjectionWriter: AnyObject {
    /// Takes in one event, in order of position, inside the transaction of its page.
    ///
    /// - Throws: `UnreadableEvent` before it has written anything, if what the event says cannot be used: the event's stream is then
    ///   parked for this projection. `ViewError` if storage fails: the whole page is then rolled back and comes again.
    func handle(_ opened: OpenedEvent) throws

    /// Drops every row that came from a stream, or from a message sealed under its key: the tables are then as if its events had never
    /// been. May come again.
    func erase(_ stream: StreamID) throws

    /// Writes what it held back for the page, before the page's transaction ends.
    func flush() throws

    /// Forgets what it keeps in memory: the tables were rolled back.
    func forget()
}

extension ProjectionWriter {
    func flush() throws {}
}

/// What an event says cannot be used by a projection. The problem names no value of the event.
struct UnreadableEvent: Error, Hashable {
    let problem: String
}
