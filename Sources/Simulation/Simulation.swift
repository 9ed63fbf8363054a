import Coordination
import Crypto
import EventStore
import Pathways
import Timekeeping

/// Hospitals, professionals and the coordinator between them, under a virtual clock and a seed (I12).
public enum Simulation {
    /// Days that are over, and events so far.
    public typealias Progress = (_ days: Int, _ events: Int64) -> Void

    /// Runs a world from its first day to its last.
    ///
    /// - Parameter progress: called at each dawn.
    /// - Returns: what came of it.
    /// - Throws: `SimulationFailure` with the seed, if an invariant does not hold; `FileErrors`, `EventStoreError` if the world cannot be made.
    public static func run(_ options: SimulationOptions, progress: Progress = { _, _ in }) async throws -> SimulationReport {
        let clock = VirtualClock(options.start)
        let territory = try SyntheticTerritory(inhabitants: options.inhabitants, seed: options.seed)
        var storage = try await options.storage?(clock.source) ?? inMemory(clock)
        if let tamper = options.tamper {
            storage = SimulationStorage(
                log: tamper(storage.log),
                sealer: storage.sealer,
                streams: storage.streams,
                reactors: storage.reactors,
                deadlines: storage.deadlines
            )
        }
        let library = try await publish(territory, options.protocolFiles, in: storage, clock)
        let world = try World(options, territory: territory, library: library, storage: storage, clock: clock)
        do {
            try await world.run(progress: progress)
        } catch let violation as Violation {
            throw SimulationFailure(seed: options.seed, steps: world.tally.steps, at: clock.now, violation: violation)
        }
        let head = try storage.log.head()
        return SimulationReport(options, world.tally, world.board, at: clock.now, rootHash: head.rootHash.hex)
    }

    /// What a fresh world needs: a territory and the protocols that travel with the program.
    private static func publish(
        _ territory: SyntheticTerritory,
        _ names: Set<String>?,
        in storage: SimulationStorage,
        _ clock: VirtualClock
    ) async throws -> ProtocolLibrary {
        let chance = SharedChance(SplitMix64(state: 0))
        let coordinator = Coordinator(
            log: storage.log,
            sealer: storage.sealer,
            streams: storage.streams,
            time: clock.source,
            ids: EventIDGenerator(time: clock.source) { chance.next() }
        )
        let publisher = TerritoryPublisher(coordinator: coordinator)
        let author = Author(source: "urn:relais:simulation", occurredAt: clock.now)
        _ = try await publisher.publish(territory: territory.yaml, file: "simulated-territory.yaml", by: author)
        for file in BundledFiles.protocols where names?.contains(file.name) ?? true {
            _ = try await publisher.publish(protocol: file.yaml, file: file.name, by: author)
        }
        return try coordinator.loader.territory(storage.streams.territory).state.protocols
    }

    private static func inMemory(_ clock: VirtualClock) -> SimulationStorage {
        SimulationStorage(
            log: InMemoryEventLog(identity: SyntheticTerritory.id, time: clock.source),
            sealer: PlainSealer(),
            streams: StreamNames(
                naming: StreamNaming(key: SymmetricKey(data: [UInt8](repeating: 7, count: 32))),
                territory: SyntheticTerritory.id
            ),
            deadlines: ForgetfulDeadlineStore()
        )
    }
}
