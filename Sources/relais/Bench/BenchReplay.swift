import ArgumentParser
import EventStore
import Pathways
import Projections

/// Replay: envelopes read, bodies decoded and folded, the to-do projection rebuilt.
struct BenchReplay: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "replay", abstract: "Events per second read, folded and projected.")

    @OptionGroup var options: BenchCommand.Options
    @Option(help: "Events in the log, at least.") var events: Int64 = 100_000

    func run() async throws {
        let directory = options.data.node
        let node = try await SyntheticStays.node(in: directory)
        if try node.log.head().position < events {
            try await SyntheticStays(node).fill(to: events)
            // What the filling needed is no part of what replay needs: the figures come from a process that only replays.
            Console.say("filled; run the same command again to measure")
            try Figure("replay.filled", Double(try node.log.head().position), "events").print(json: options.json)
            return await node.log.close()
        }
        try read(node.log)
        try fold(node.log)
        try Figure("replay.resident", Figure.peakResidentMebibytes, "MiB").print(json: options.json)
        try node.projections.catchUp()
        let head = try node.log.head().position
        let rebuilding = try ContinuousClock().measure { try node.projections.rebuild("todo") }
        try figure("replay.projection", head, rebuilding)
        try Figure("replay.resident-with-projection", Figure.peakResidentMebibytes, "MiB").print(json: options.json)
        await node.log.close()
    }

    private func figure(_ id: String, _ count: Int64, _ elapsed: Duration) throws {
        var figure = Figure(id, Double(count) / elapsed.inSeconds, "ev/s")
        figure.events = count
        try figure.print(json: options.json)
    }

    private func read(_ log: SQLiteEventLog) throws {
        let head = try log.head().position
        var bytes = 0
        let elapsed = try ContinuousClock().measure {
            try log.forEachEvent(after: 0, through: head) { bytes += $0.payload.count + $0.type.utf8.count }
        }
        guard bytes > 0 else { throw Failure(.no, "the log is empty") }
        try figure("replay.read", head, elapsed)
    }

    /// Every event is decoded, and folded into the state of its pathway or patient; states of pathways long untouched are let go.
    private func fold(_ log: SQLiteEventLog) throws {
        let head = try log.head().position
        var young: [StreamID: Pathway] = [:]
        var old: [StreamID: Pathway] = [:]
        var patients = 0
        let elapsed = try ContinuousClock().measure {
            try log.forEachEvent(after: 0, through: head) { event in
                switch try DomainEvent(type: event.type, payload: event.payload) {
                case .pathway(let body):
                    var state = young.removeValue(forKey: event.stream) ?? old.removeValue(forKey: event.stream) ?? Pathway()
                    state.evolve(with: body)
                    young[event.stream] = state
                    if young.count > 2_000 {
                        old = young
                        young = [:]
                    }
                case .patientIdentified(let body):
                    patients += Patient(folding: [body]).identity == nil ? 0 : 1
                default: break
                }
            }
        }
        guard patients > 0 else { throw Failure(.no, "the log holds no patient") }
        try figure("replay.fold", head, elapsed)
    }
}
