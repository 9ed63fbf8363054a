/// What has effects because of events: a process manager, a notifier (I9). It is fed by a ``ReactorFollower``, keeps a checkpoint of its own,
/// and is never run again from the beginning on purpose.
///
/// It gets an ``EffectContext`` and no view: what it weighs, it folds from the log.
public protocol Reactor: Sendable {
    /// Stable: the checkpoint and what is parked are kept under it.
    var name: String { get }

    /// Whether an event asks for an effect. All others are passed over.
    func concerns(_ event: RecordedEvent) -> Bool

    /// The sequence whose events must take effect in order, and which is parked as one; the event's stream unless it says otherwise.
    func sequence(of event: RecordedEvent) -> StreamID

    /// Which of one sequence's events in a page need their effect; all of them unless it says otherwise. A reactor whose effect depends
    /// on where a sequence stands, not on how it came there, names the last alone.
    func coalesce(_ events: [RecordedEvent]) -> [RecordedEvent]

    /// Makes the effect durable before it returns. It may come again for the same event: effects carry keys that recognise a repeat
    /// (``EffectContext/key(_:)``).
    ///
    /// - Throws: ``PermanentProblem`` to park the event and all later ones of its sequence; anything else stops the page, which comes again
    ///   after a pause.
    func react(to event: RecordedEvent, in context: EffectContext) async throws
}

extension Reactor {
    public func sequence(of event: RecordedEvent) -> StreamID { event.stream }
    public func coalesce(_ events: [RecordedEvent]) -> [RecordedEvent] { events }
}
