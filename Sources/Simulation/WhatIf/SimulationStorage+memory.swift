import Coordination
import Crypto
import EventStore
package import Timekeeping

extension SimulationStorage {
    /// A world in memory whose log can be read once it is over.
    package static func inMemory(time: TimeSource) -> SimulationStorage {
        SimulationStorage(
            log: InMemoryEventLog(identity: SyntheticTerritory.id, time: time),
            sealer: PlainSealer(),
            streams: StreamNames(
                naming: StreamNaming(key: SymmetricKey(data: [UInt8](repeating: 9, count: 32))),
                territory: SyntheticTerritory.id
            )
        )
    }
}
