import ArgumentParser
import EventStore
import Foundation
import Pathways
import Projections
import Sealing

/// Replay: envelopes read, bodies unsealed, decoded and folded, projections rebuilt.
struct BenchReplay: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "replay", abstract: "Events per second read, folded and projected.")

    @OptionGroup var options: BenchCommand.Options
    @Option(help: "Events in the log, at least.") var events: Int64 = 100_000
    @Option(help: "What to measure, in a process of its own: \(Part.allCases.map(\.rawValue).joined(separator: ", ")); everything by default.")
    var only: Part?

    enum Part: String, CaseIterable, ExpressibleByArgument {
        case read, fold, size
        /// All projections from nothing: what is there of them is deleted first.
        case build
        /// The to-do projection, then all of them, beside the live ones.
        case rebuild
    }

    func run() async throws {
        let directory = options.data.node
        if only == .build {
            for suffix in ["", "-wal", "-shm"] { try? FileManager.default.removeItem(atPath: "\(directory.path)/views.sqlite\(suffix)") }
        }
        let node = try await SyntheticStays.node(in: directory)
        if try node.log.head().position < events {
            try await SyntheticStays(node).fill(to: events)
            // What the filling needed is no part of what replay needs: the figures come from a process that only replays.
            Console.say("filled; run the same command again to measure")
            try Figure("replay.filled", Double(try node.log.head().position), "events").print(json: options.json)
            return await node.close()
        }
        for part in only.map({ [$0] }) ?? [.read, .fold, .size, .rebuild] { try measure(part, node) }
        await node.close()
    }

    private func measure(_ part: Part, _ node: Node) throws {
        let head = try node.log.head().position
        switch part {
        case .read: try read(node.log)
        case .fold: try fold(node.log, node.keys)
        case .size: try size(node.log, node.keys, options.data.node)
        case .build: try figure("replay.projections", head, try ContinuousClock().measure { try node.projections.catchUp() })
        case .rebuild:
            try Figure("replay.resident", Figure.peakResidentMebibytes, "MiB").print(json: options.json)
            try node.projections.catchUp()
            try figure("replay.projection", head, try ContinuousClock().measure { try node.projections.rebuild("todo") })
            try figure("replay.projections", head, try ContinuousClock().measure { try node.projections.rebuildAll() })
            return try Figure("replay.resident-with-projection", Figure.peakResidentMebibytes, "MiB").print(json: options.json)
        }
        if only != nil { try Figure("replay.resident.\(part.rawValue)", Figure.peakResidentMebibytes, "MiB").print(json: options.json) }
    }

    /// Bytes on disk per event, raw messages and indexes included, beside the JSON of the events and the messages they came from.
    private func size(_ log: SQLiteEventLog, _ keys: KeyVault, _ directory: NodeDirectory) throws {
        let head = try log.head().position
        var json = 0
        var messages = 0
        try log.forEachEvent(after: 0, through: head) { event in
            json += try keys.payload(of: event)?.count ?? 0
            if event.attachmentHash != nil { messages += try log.attachment(of: event.position)?.count ?? 0 }
        }
        let files = try ["log.sqlite", "keys.sqlite", "proofs.sqlite", "views.sqlite"].map { name in
            (name, try FileManager.default.attributesOfItem(atPath: "\(directory.path)/\(name)")[.size] as? Int ?? 0)
        }
        for (name, bytes) in files { try Figure("replay.bytes.\(name)", Double(bytes) / Double(head), "bytes/event").print(json: options.json) }
        try Figure("replay.bytes.json", Double(json) / Double(head), "bytes/event").print(json: options.json)
        try Figure("replay.bytes.messages", Double(messages) / Double(head), "bytes/event").print(json: options.json)
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
    private func fold(_ log: SQLiteEventLog, _ keys: KeyVault) throws {
        let head = try log.head().position
        var young: [StreamID: Pathway] = [:]
        var old: [StreamID: Pathway] = [:]
        var patients = 0
        let elapsed = try ContinuousClock().measure {
            try log.forEachEvent(after: 0, through: head) { event in
                guard let payload = try keys.payload(of: event) else { return }
                switch try DomainEvent(type: event.type, payload: payload) {
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
