import EventStore
import Timekeeping

/// `StoreProbe COMMAND …`: see `usage`.
@main
struct StoreProbe {
    static let identity = "probe"

    private static let usage = """
        StoreProbe append DIRECTORY WRITERS   append numbered events until standard input ends
        StoreProbe fill DIRECTORY COUNT       append that many events, as fast as it goes
        StoreProbe verify DIRECTORY           recompute everything
        StoreProbe backup DIRECTORY TO [full] back up, from the beginning or what is new
        StoreProbe restore FROM DIRECTORY     restore and verify
        """

    static func main() async {
        let arguments = CommandLine.arguments.dropFirst()
        do {
            try await run(Array(arguments))
        } catch {
            Output.line("failed \((error as? EventStoreError)?.description ?? String(describing: error))")
            Output.exit(1)
        }
    }

    private static func run(_ arguments: [String]) async throws {
        switch (arguments.first, arguments.count) {
        case ("append", 3):
            try await AppendRun(directory: arguments[1], writers: Int(arguments[2]) ?? 1).run()
        case ("fill", 3):
            try await FillRun(directory: arguments[1], count: Int(arguments[2]) ?? 0).run()
        case ("verify", 2):
            let reader = try SQLiteEventLog.openReadOnly(directory: arguments[1])
            let report = try reader.verify()
            for problem in report.problems.prefix(5) { Output.line("problem \(problem)") }
            Output.line("\(report.isSound ? "sound" : "unsound") \(report.head.position) \(report.head.rootHash)")
            Output.exit(report.isSound ? 0 : 1)
        case ("backup", 3), ("backup", 4):
            let report = try LogBackup(of: arguments[1]).backUp(to: arguments[2], verify: arguments.count == 4 ? .everything : .added)
            Output.line(
                "backup \(report.isFirst ? "full" : "increment") \(report.addedEvents) \(report.head.position) \(report.head.rootHash) \(report.addedBytes) \(report.milliseconds) ms"
            )
        case ("restore", 3):
            let report = try LogRestoration().restore(from: arguments[1], to: arguments[2])
            Output.line(
                "restored \(report.head.position) \(report.head.rootHash) \(report.head.epoch) \(report.milliseconds) ms, \(report.verificationMilliseconds) ms of it verifying"
            )
        default:
            Output.line(usage)
            Output.exit(2)
        }
    }
}
