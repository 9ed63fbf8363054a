import Coordination
import EventStore
import Simulation
import Synchronization

/// A world that is over, with its log.
struct PastWorld {
    let log: any EventLog
    let streams: StreamNames
    let report: SimulationReport

    var whatIf: WhatIf { whatIf(of: log) }

    init(_ options: SimulationOptions) async throws {
        let kept = Kept()
        var options = options
        options.checking = .off
        options.storage = { time in
            let storage = SimulationStorage.inMemory(time: time)
            kept.storage.withLock { $0 = storage }
            return storage
        }
        report = try await Simulation.run(options)
        guard let storage = kept.storage.withLock({ $0 }) else { throw EventStoreError(.closed, "The world kept no log.") }
        log = storage.log
        streams = storage.streams
    }

    func whatIf(of log: any EventReader, sealer: any PayloadSealer = PlainSealer()) -> WhatIf { WhatIf(log: log, sealer: sealer, streams: streams) }

    private final class Kept: Sendable {
        let storage = Mutex<SimulationStorage?>(nil)
    }
}
