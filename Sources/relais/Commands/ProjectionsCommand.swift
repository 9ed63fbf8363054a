import ArgumentParser
import EventStore
import Projections

struct ProjectionsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "projections",
        abstract: "Read models.",
        subcommands: [List.self, Status.self, Rebuild.self]
    )

    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "The names that rebuild takes.")

        func run() { ProjectionRunner.names.forEach { print($0) } }
    }

    struct Status: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "How far each projection has come.")
        @OptionGroup var data: DataOption
        @Flag(help: "One JSON document.") var json = false

        private struct Line: Encodable {
            let name: String
            let version: Int64
            let position: Int64
            let lag: Int64
            let parked: Int64
        }

        func run() async throws {
            let node = try await ReadingNode.open(data.node)
            let head = try node.log.head()
            let lines = try ProjectionReader(views: node.views).status().map {
                Line(name: $0.name, version: $0.version, position: $0.position, lag: $0.lag(behind: head), parked: $0.parked)
            }
            if json { return try Console.printJSON(lines) }
            for line in lines { print("\(line.name) v\(line.version): position \(line.position), lag \(line.lag), parked \(line.parked)") }
        }
    }

    struct Rebuild: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Folds the whole log anew beside the live tables, and exchanges them.",
            discussion: "Prints the digest of the tables before and after: they are the same unless the live ones were wrong."
        )
        @Argument(help: "See: relais projections list.") var name: String
        @OptionGroup var data: DataOption

        func run() async throws {
            _ = try data.node.settings()
            let node = try Node.open(data.node, logger: .quiet)
            try node.projections.catchUp()
            let reader = ProjectionReader(views: node.views)
            let before = try reader.digest(of: name)
            try node.projections.rebuild(name)
            let after = try reader.digest(of: name)
            await node.log.close()
            print("\(name): \(before.hex) before, \(after.hex) after")
            if before != after { throw Failure(.no, "the rebuilt tables differ from the maintained ones; the rebuilt ones are in place") }
        }
    }
}
