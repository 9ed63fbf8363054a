import ArgumentParser
import Projections
import Timekeeping

struct FeedCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "feed", abstract: "What the hospitals send.", subcommands: [Status.self])

    struct Status: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Per sender: outcomes and warnings by code.")
        @OptionGroup var data: DataOption
        @OptionGroup var orphanAlarm: OrphanAlarmOption
        @Flag(help: "One JSON document.") var json = false

        func run() async throws {
            let node = try await ReadingNode.open(data.node)
            let alarm = if let hours = orphanAlarm.hours { hours * 60 } else { try await ServeSettings.orphanAlarmMinutes() }
            let reader = FeedReader(views: node.views, log: node.log, orphanAlarmMinutes: alarm)
            let status = try reader.status(now: TimeSource.system.now())
            if json { return try Console.printJSON(status) }
            if status.senders.isEmpty { print("no message was received yet") }
            for sender in status.senders {
                print(Console.visible("\(sender.application)|\(sender.facility), last \(sender.lastReceivedAt.rfc3339)"))
                print(
                    "  accepted \(sender.accepted), ignored \(sender.ignored), duplicates \(sender.duplicates), "
                        + "orphans \(sender.orphans), quarantined \(sender.quarantined), refused \(sender.refused)"
                )
                if let oldest = sender.oldestOrphanAt {
                    print("  orphans: \(sender.orphansWaiting) waiting since \(oldest.rfc3339), \(sender.orphansOverdue) overdue")
                }
                if sender.quarantined > 0 {
                    print("  quarantine: \(sender.quarantineWaiting) waiting, \(sender.repaired) repaired, \(sender.discarded) discarded")
                }
                for (code, count) in sender.warnings.sorted(by: { $0.key < $1.key }) { print("  \(code): \(count)") }
            }
            for orphan in status.orphans where orphan.isOverdue {
                print(
                    Console.visible(
                        "overdue: \(orphan.trigger) \(orphan.controlID) of \(orphan.application)|\(orphan.facility), since \(orphan.since.rfc3339)"
                    )
                )
            }
        }
    }
}
