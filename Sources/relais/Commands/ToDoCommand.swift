import ArgumentParser
import Foundation
import Pathways
import Projections
import Timekeeping

struct ToDoCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "todo",
        abstract: "A professional's to-do list, now or as it stood."
    )

    @Option(help: "RPPS.") var rpps: String
    @OptionGroup var data: DataOption
    @Option(help: "As it stood at this instant (RFC 3339).") var at: Instant?
    @Option(help: "As it stood at this position of the log.") var position: Int64?
    @Flag(help: "One JSON document.") var json = false

    func validate() throws {
        if at != nil && position != nil { throw ValidationError("--at and --position exclude each other.") }
    }

    func run() async throws {
        let node = try await ReadingNode.open(data.node)
        let asOf = try position ?? at.map { try LogClock.position(at: $0, in: node.log) }
        let list = try ToDoReader(views: node.views).list(rpps: rpps, asOf: asOf, now: at ?? TimeSource.system.now())
        if json { return try Console.printJSON(list) }
        guard let name = list.name else { throw Failure(.no, "\(rpps) is not in the directory at position \(list.position)") }
        print("\(name), position \(list.position): \(list.items.count) items")
        for bucket in ToDoList.Bucket.allCases {
            for item in list.items(in: bucket) { print("[\(bucket.rawValue)] \(Self.line(item))") }
        }
    }

    private static func line(_ item: ToDoItem) -> String {
        let isLeft = item.kind == .owned && item.waitingFor.isEmpty
        let words = [
            item.patient?.displayName ?? "identity shown once accepted",
            item.commune ?? "commune unknown",
            item.kind == .onHold ? "on hold: back in hospital" : "by \(item.dueBy.rfc3339)",
            item.team.map { "team \($0.name)" },
            isLeft ? item.assignmentReason : nil,
            item.nextDeadline.map { "next \($0.kind.name) \($0.at.rfc3339)" },
        ]
        return "\(item.title) — \(words.compactMap(\.self).joined(separator: ", ")) (\(item.protocolID)/\(item.rule)) \(item.followUp)"
    }
}
