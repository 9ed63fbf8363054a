public import Coordination
public import EventStore

/// Where a simulated world is kept. What is not given ends with the run.
public struct SimulationStorage: Sendable {
    public let log: any EventLog
    public let sealer: any PayloadSealer
    public let streams: StreamNames
    public let reactors: any ReactorStore
    public let deadlines: any DeadlineStore

    /// - Parameters:
    ///   - log: fresh; its identity is ``SyntheticTerritory/id``.
    ///   - sealer: the log's.
    ///   - streams: under the key of the territory that the log belongs to.
    public init(
        log: any EventLog,
        sealer: any PayloadSealer,
        streams: StreamNames,
        reactors: any ReactorStore = InMemoryReactorStore(),
        deadlines: any DeadlineStore = InMemoryDeadlineStore()
    ) {
        self.log = log
        self.sealer = sealer
        self.streams = streams
        self.reactors = reactors
        self.deadlines = deadlines
    }
}
