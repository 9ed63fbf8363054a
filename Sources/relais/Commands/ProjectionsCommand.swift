import ArgumentParser
import EventStore
import NIOCore
import Projections

struct ProjectionsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "projections",
        abstract: "Read models.",
        subcommands: [List.self, Status.self, Generations.self, Rebuild.self, Revert.self, DropOld.self]
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

    struct Generations: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Every set of tables there is: the live ones, those being built, those kept.")
        @OptionGroup var data: DataOption
        @Flag(help: "One JSON document.") var json = false

        private struct Line: Encodable {
            let name: String
            let generation: Int64
            let version: Int64
            let state: String
            let position: Int64
            let rows: Int64
            let bytes: Int64?
        }

        func run() async throws {
            let node = try await ReadingNode.open(data.node)
            let lines = try ProjectionReader(views: node.views).generations().map {
                Line(
                    name: $0.projection,
                    generation: $0.number,
                    version: $0.version,
                    state: $0.state.rawValue,
                    position: $0.position,
                    rows: $0.rows,
                    bytes: $0.bytes
                )
            }
            if json { return try Console.printJSON(lines) }
            for line in lines {
                print("\(line.name) \(line.generation), v\(line.version), \(line.state): position \(line.position), \(line.rows) rows")
            }
        }
    }

    struct Rebuild: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Folds the whole log anew beside the live tables, and exchanges them; the old ones are kept.",
            discussion: """
                Beside a running server or without one. Without one it prints the digest of the tables before and after: they are the same
                unless the live ones were wrong.
                """
        )
        @Argument(help: "See: relais projections list.") var name: String
        @OptionGroup var data: DataOption

        func run() async throws {
            _ = try data.node.settings()
            let node: Node
            do {
                node = try Node.open(data.node, logger: .quiet)
            } catch EventStoreError.Code.ownedByAnother {
                return try await Action.rebuild.ask(data.node, name)
            }
            try node.projections.catchUp()
            let reader = ProjectionReader(views: node.views)
            let before = try reader.digest(of: name)
            try node.projections.rebuild(name)
            let after = try reader.digest(of: name)
            await node.close()
            print("\(name): \(before.hex) before, \(after.hex) after")
            if before != after { throw Failure(.no, "the rebuilt tables differ from the maintained ones; the rebuilt ones are in place") }
        }
    }

    struct Revert: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Shows the kept tables again, once they have caught up; the live ones are kept.")
        @Argument(help: "See: relais projections list.") var name: String
        @OptionGroup var data: DataOption

        func run() async throws { try await Action.revert.ask(data.node, name) }
    }

    struct DropOld: AsyncParsableCommand {
        static let configuration = CommandConfiguration(commandName: "drop-old", abstract: "Drops the tables that are kept of a projection.")
        @Argument(help: "See: relais projections list.") var name: String
        @OptionGroup var data: DataOption

        func run() async throws { try await Action.dropOld.ask(data.node, name) }
    }

    /// What the owner of the directory does to its views.
    private enum Action: String {
        case rebuild, revert
        case dropOld = "drop-old"

        func ask(_ directory: NodeDirectory, _ name: String) async throws {
            let answer = try await ControlClient.with(directory) { client in
                try await client.perform("POST", "/api/v1/operations/projections/\(EmitCommand.Step.escape(name))/\(rawValue)", timeout: .hours(6))
            }
            try answer.print()
        }
    }
}
