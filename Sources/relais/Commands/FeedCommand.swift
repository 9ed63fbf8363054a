import ArgumentParser
import Projections
import Timekeeping

struct FeedCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "feed", abstract: "What the hospitals send.", subcommands: [Status.self])

    struct Status: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Per sender: outcomes and warnings by code.")
        @OptionGroup var data: DataOption
        @Flag(help: "One JSON document.") var json = false

        func run() async throws {
            let node = try await ReadingNode.open(data.node)
            let status = try FeedReader(views: node.views, log: node.log).status()
            if json { return try Console.printJSON(status) }
            if status.senders.isEmpty { print("no message was received yet") }
            for sender in status.senders {
                print("\(sender.application)|\(sender.facility), last \(sender.lastReceivedAt.rfc3339)")
                print(
                    "  accepted \(sender.accepted), ignored \(sender.ignored), duplicates \(sender.duplicates), "
                        + "orphans \(sender.orphans) (\(sender.orphansWaiting) waiting), quarantined \(sender.quarantined), refused \(sender.refused)"
                )
                for (code, count) in sender.warnings.sorted(by: { $0.key < $1.key }) { print("  \(code): \(count)") }
            }
        }
    }
}
