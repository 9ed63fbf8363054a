/// How often feeds look, and how many may listen.
public struct NewsFeedPace: Sendable, Hashable {
    /// Between two looks into the outbox, while somebody waits.
    public var look: Duration
    /// Looks without news after which a stream says that it is still there.
    public var looksPerBeat: Int
    /// The longest that a request may wait, in looks of a second each.
    public var longestWait: Int
    /// At a shutdown, what a reader who takes nothing in is given before their connection is closed.
    public var farewell: Duration
    /// Who may wait or listen at once: of one person, and of all.
    public var listenersPerPerson: Int
    public var listeners: Int

    public init(
        look: Duration = .seconds(1),
        looksPerBeat: Int = 15,
        longestWait: Int = 30,
        farewell: Duration = .seconds(3),
        listenersPerPerson: Int = 20,
        listeners: Int = 2_000
    ) {
        self.look = look
        self.looksPerBeat = looksPerBeat
        self.longestWait = longestWait
        self.farewell = farewell
        self.listenersPerPerson = listenersPerPerson
        self.listeners = listeners
    }
}
