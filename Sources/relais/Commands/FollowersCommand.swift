import ArgumentParser
import Coordination
import EventStore
import Foundation
import Timekeeping

struct FollowersCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "followers",
        abstract: "What follows the log: lag, health, parked work.",
        subcommands: [Status.self, Parked.self, Retry.self, Discard.self]
    )

    struct Status: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "How each follower fares, as the server last told. Exit status 1: one is not well.")
        @OptionGroup var data: DataOption
        @Flag(help: "One JSON document.") var json = false

        private struct Line: Encodable {
            let name: String
            let kind: String
            let lag: Int64
            let oldestPendingMilliseconds: Int64?
            let heartbeatMilliseconds: Int64?
            let parked: Int64
            let problem: String?
        }

        func run() async throws {
            _ = try data.node.settings()
            let log = try SQLiteEventLog.openReadOnly(directory: data.node.path)
            let health = try NodeFollowers.health(of: data.node, log: log)
            if json {
                try Console.printJSON(
                    health.map {
                        Line(
                            name: $0.name,
                            kind: $0.kind.rawValue,
                            lag: $0.lag,
                            oldestPendingMilliseconds: $0.oldestPending,
                            heartbeatMilliseconds: $0.heartbeat,
                            parked: $0.parked,
                            problem: $0.problem
                        )
                    }
                )
            } else {
                for line in health { print("\(line.name): lag \(line.lag), parked \(line.parked), \(line.problem ?? "ready")") }
            }
            if health.contains(where: { !$0.isReady }) { throw ExitCode(Failure.Status.no.rawValue) }
        }
    }

    struct Parked: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Events whose effect could not be had, and those that wait behind them.")
        @OptionGroup var data: DataOption
        @Flag(help: "One JSON document.") var json = false

        private struct Line: Encodable {
            let id: Int64
            let follower: String
            let sequence: String
            let position: Int64
            let problem: String
            let since: String
            let attempts: Int
        }

        func run() async throws {
            _ = try data.node.settings()
            let items = try SQLiteReactorStore(readingOnly: data.node.reactors).parked(of: nil, sequence: nil)
            if json {
                return try Console.printJSON(
                    items.map {
                        Line(
                            id: $0.id,
                            follower: $0.reactor,
                            sequence: $0.sequence.hex,
                            position: $0.position,
                            problem: $0.problem,
                            since: $0.since.rfc3339,
                            attempts: $0.attempts
                        )
                    }
                )
            }
            if items.isEmpty { print("nothing is parked") }
            for item in items {
                print("\(item.id): \(item.reactor), event \(item.position) of \(item.sequence), since \(item.since.rfc3339): \(item.problem)")
            }
        }
    }

    struct Retry: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Tries the parked events of a sequence again, in order. Exit status 1: it is still parked."
        )
        @Argument(help: "The id of any of its events; see: relais followers parked.") var id: Int64
        @OptionGroup var data: DataOption

        private struct Result: Decodable {
            let remaining: Int
        }

        func run() async throws {
            let answer = try await ControlClient.with(data.node) { [id] client in
                try await client.perform("POST", "/api/v1/operations/parked/\(id)/retry")
            }
            try answer.print()
            if try answer.decode(Result.self).remaining > 0 { throw ExitCode(Failure.Status.no.rawValue) }
        }
    }

    struct Discard: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Does without the effect of one parked event; who and why is an event.")
        @Argument(help: "Its id; see: relais followers parked.") var id: Int64
        @Option(help: "Why; holds nothing about a patient.") var reason: String
        @Option(help: "Who decides.") var by: String
        @OptionGroup var data: DataOption

        func run() async throws {
            let body = try JSONSerialization.data(withJSONObject: ["reason": reason, "by": by], options: .sortedKeys)
            let answer = try await ControlClient.with(data.node) { [id] client in
                try await client.perform("POST", "/api/v1/operations/parked/\(id)/discard", body: body)
            }
            try answer.print()
        }
    }
}
