import ArgumentParser
import EventStore
import Foundation
import Sealing
import Transparency

struct AuditCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "audit",
        abstract: "A folder that proves a pathway's story offline, with and without this software.",
        subcommands: [Export.self, Verify.self]
    )

    struct Export: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Writes the bundle of a pathway.",
            discussion: """
                It holds the story in clear and as stored, the proof of each event, a signed checkpoint and a page in French. With --with-keys
                also the data keys, so that it proves that the clear text is what was sealed: whoever has it can read the pathway for ever,
                whatever is erased here later.
                """
        )
        @Argument(help: "The pathway's id.") var pathway: String
        @Option(help: ArgumentHelp("A folder to make.", valueName: "DIR")) var out: String
        @Flag(help: "Put the data keys in.") var withKeys = false
        @OptionGroup var data: DataOption

        private static let pageSize = 500

        func run() async throws {
            guard let stream = StreamID(hex: pathway) else { throw Failure(.usage, "\(pathway) is no pathway id: 32 hexadecimal digits") }
            let keys = try NodeKeys.openReadOnly(data.node, try data.node.settings())
            let log = try SQLiteEventLog.openReadOnly(directory: data.node.path, sealer: keys)
            let proofs = try NodeProofs(data.node, log: log)
            let issued = try proofs.checkpoints.issue()
            let size = issued.checkpoint.tree.size
            var items: [AuditBundle.Item] = []
            while true {
                let page = try log.read(stream: stream, fromVersion: Int64(items.count) + 1, limit: Self.pageSize)
                for event in page where event.position <= size {
                    items.append(
                        .init(event: event, proof: try proofs.prover.inclusion(of: event.position, in: size), clear: try keys.payload(of: event))
                    )
                }
                if page.count < Self.pageSize { break }
            }
            guard !items.isEmpty else { throw Failure(.no, "nothing is recorded of the pathway \(pathway)") }
            try AuditBundle.write(
                to: out,
                items: items,
                checkpoint: issued,
                logIdentity: log.identity,
                key: proofs.key,
                dataKey: { withKeys ? try keys.disclose($0) : nil }
            )
            Console.say("\(items.count) events in \(out); open LISEZMOI.html. Verifier key: \(proofs.key.verifierKey)")
        }
    }

    struct Verify: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Checks a bundle, offline; needs no data directory. Exit status 1: do not believe it."
        )
        @Argument(help: "The bundle's folder.") var folder: String
        @Option(help: ArgumentHelp("The log's verifier key, known from elsewhere than the bundle.", valueName: "VKEY")) var key: String

        func run() async throws {
            let report = AuditBundle.verify(folder: folder, trusting: try VerifierKey(key))
            for problem in report.problems { Console.say("\(problem)") }
            guard report.isSound else { throw Failure(.no, "the bundle does not hold: \(report.problems.count) problems") }
            Console.say("the bundle holds")
        }
    }
}
