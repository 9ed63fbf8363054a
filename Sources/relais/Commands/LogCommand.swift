import ArgumentParser
import EventStore
import Foundation
import Transparency

struct LogCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "log",
        abstract: "What proves the log to others: its key, a signed checkpoint, its tiles as files.",
        subcommands: [Key.self, CheckpointOf.self, Export.self]
    )

    struct Key: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "The verifier key: give it to whoever shall check or witness this log.")
        @OptionGroup var data: DataOption

        func run() async throws {
            print(try data.node.logVerifierKey(try data.node.settings()))
        }
    }

    struct CheckpointOf: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "checkpoint",
            abstract: "Signs the log as it is now (C2SP tlog-checkpoint). Keep it elsewhere: relais verify --against proves growth since."
        )
        @OptionGroup var data: DataOption

        func run() async throws {
            let log = try SQLiteEventLog.openReadOnly(directory: data.node.path)
            let issued = try NodeProofs(data.node, log: log).checkpoints.issue()
            FileHandle.standardOutput.write(Data(issued.note.bytes))
        }
    }

    struct Export: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Writes checkpoint, verifier key, tiles and entries as files (C2SP tlog-tiles): for any web server or auditor."
        )
        @Argument(help: "Where to; may hold an earlier export of this log.") var directory: String
        @OptionGroup var data: DataOption

        func run() async throws {
            let log = try SQLiteEventLog.openReadOnly(directory: data.node.path)
            let proofs = try NodeProofs(data.node, log: log)
            let issued = try proofs.checkpoints.issue()
            let present = "\(directory)/checkpoint"
            if FileManager.default.fileExists(atPath: present) {
                let kept = try KeptCheckpoint(file: present, trusting: proofs.key.verifierKey).tree
                guard kept.size <= issued.checkpoint.tree.size, try proofs.prover.tree(of: kept.size) == kept else {
                    throw Failure(.no, "\(directory) holds the export of another history of this log; nothing was overwritten")
                }
            }
            try proofs.tiles.catchUp(to: issued.checkpoint.tree.size)
            try StaticExport(of: proofs.prover, to: directory).write(issued, key: proofs.key.verifierKey)
            Console.say("\(issued.checkpoint.tree.size) events, root \(issued.checkpoint.tree.rootHash.hex), in \(directory)")
        }
    }
}
