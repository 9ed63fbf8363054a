import ArgumentParser
import EventStore
import Foundation
import Pathways
import Projections
import Timekeeping

struct ReplayCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "replay",
        abstract: "A pathway's story, event by event, and its state at the end."
    )

    @Argument(help: "The pathway's id.") var pathway: String?
    @Option(help: "Instead of the id: the visit number (PV1-19).") var visit: String?
    @Option(help: "With --visit: the authority that numbers visits.") var facility: String?
    @OptionGroup var data: DataOption
    @Option(help: "As it was known at this instant (recorded time).") var at: Instant?
    @Option(help: "The facts up to this instant (occurred time), as known now.") var occurredBy: Instant?
    @Option(help: "As it stood at this position of the log.") var position: Int64?
    @Flag(help: "One JSON document.") var json = false

    func validate() throws {
        if (pathway == nil) == (visit == nil) { throw ValidationError("Name the pathway by its id, or by --visit NUMBER.") }
        if [at != nil, occurredBy != nil, position != nil].filter(\.self).count > 1 {
            throw ValidationError("--at, --occurred-by and --position exclude each other.")
        }
    }

    func run() async throws {
        let node = try await ReadingNode.open(data.node)
        let stream = try stream(node)
        let until: PathwayReplay.Until =
            at.map { .recordedAt($0) } ?? occurredBy.map { .occurredBy($0) } ?? position.map { .position($0) } ?? .now
        let replay = PathwayReplay(reader: node.log, sealer: node.keys)
        let now = at ?? occurredBy ?? TimeSource.system.now()
        guard let replayed = try replay.run(stream: stream, until: until, now: now, referent: try node.referent()) else {
            throw Failure(.no, "nothing was recorded of this pathway up to there")
        }
        if json { return try Console.printJSON(replayed) }
        try show(replayed, node)
    }

    private func stream(_ node: ReadingNode) throws -> StreamID {
        if let pathway {
            guard let stream = StreamID(hex: pathway) else { throw Failure(.usage, "a pathway's id has 32 hexadecimal digits") }
            return stream
        }
        let found = try TimelineReader(views: node.views, log: node.log, sealer: node.keys).pathways(visit: visit ?? "", facility: facility)
        guard found.count <= 1 else { throw Failure(.no, "several facilities have a visit of this number; add --facility AUTHORITY") }
        guard let stream = found.first else { throw Failure(.no, "no pathway of this visit is known") }
        return stream
    }

    private func show(_ replayed: Replayed, _ node: ReadingNode) throws {
        let reader = TimelineReader(views: node.views, log: node.log, sealer: node.keys)
        let lines = try reader.timeline(of: replayed.stream)?.entries ?? []
        let sentences = Dictionary(lines.map { ($0.position, $0.sentence) }) { first, _ in first }
        print("pathway \(replayed.stream.hex), status \(replayed.status?.rawValue ?? "orphan reports only")")
        for event in replayed.events {
            print("\(event.position)  \(event.occurredAt.rfc3339)  \(event.type)  \(sentences[event.position] ?? "")")
        }
        for followUp in replayed.pathway.followUps {
            print("follow-up \(followUp.plan.rule): \(followUp.status.rawValue), by \(followUp.plan.dueBy.rfc3339)")
        }
    }
}
