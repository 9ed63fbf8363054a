import ArgumentParser
import Foundation
import Sealing

struct KeysCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "keys",
        abstract: "The data keys and the master key that wraps them.",
        subcommands: [Status.self, Rotate.self]
    )

    struct Status: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "How many keys there are, and under which master key.")
        @OptionGroup var data: DataOption
        @Flag(help: "One JSON document.") var json = false

        private struct Report: Encodable {
            let masterKey: String
            let live: Int
            let destroyed: Int
            let patients: Int
        }

        func run() async throws {
            let vault = try NodeKeys.openReadOnly(data.node, try data.node.settings())
            let found = try vault.statistics()
            let report = Report(
                masterKey: found.masterID,
                live: found.liveKeys,
                destroyed: found.destroyedKeys,
                patients: found.patients
            )
            if json { return try Console.printJSON(report) }
            print("master key \(report.masterKey): \(report.live) data keys of \(report.patients) patients, \(report.destroyed) destroyed")
        }
    }

    struct Rotate: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Wraps every data key under another master key; the log is not touched.",
            discussion: """
                Without --to, a new key is made in secrets/. Until the end the old key is needed; afterwards keep it as long as backups of
                the key store are wrapped under it, then delete it.
                """
        )
        @Option(help: ArgumentHelp("Where the new key is: file:PATH, environment:NAME or command:COMMAND LINE.", valueName: "PLACE"))
        var to: String?
        @OptionGroup var data: DataOption

        func run() async throws {
            // Understood here, where a mistake can be told as one.
            if let to { _ = try MasterKeyPlace.source(to, relativeTo: data.node) }
            let body = try JSONSerialization.data(withJSONObject: to.map { ["to": $0] } ?? [:])
            let answer = try await ControlClient.with(data.node) { client in
                try await client.perform("POST", "/api/v1/operations/keys/rotate", body: body)
            }
            try answer.print()
        }
    }
}
