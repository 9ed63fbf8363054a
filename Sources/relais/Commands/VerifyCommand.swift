import ArgumentParser
import EventStore
import Transparency

struct VerifyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Recomputes every hash and the tree from the stored bytes.",
        discussion: """
            Beside a running server or without one. Exit status: 0 sound; 1 tampered, and where; 2 could not run.
            A rollback to an older valid copy cannot be seen from the file alone: --against excludes it.
            """
    )

    @OptionGroup var data: DataOption
    @Option(help: ArgumentHelp("A checkpoint kept elsewhere: proves that the log has only grown since.", valueName: "FILE"))
    var against: String?
    @Option(help: ArgumentHelp("The log's verifier key, known from elsewhere; else the directory's own is believed.", valueName: "VKEY"))
    var key: String?
    @Flag(help: "One JSON document.") var json = false

    private struct Report: Encodable {
        struct Problem: Encodable {
            let position: Int64?
            let column: String
            let detail: String
        }

        let sound: Bool
        let events: Int64
        let position: Int64
        let root: String
        let rollbackExcluded: Bool
        let problemCount: Int
        let problems: [Problem]
    }

    func run() async throws {
        let settings = try data.node.settings()
        let report: VerificationReport
        do {
            let reader = try SQLiteEventLog.openReadOnly(directory: data.node.path)
            var progress = ProgressLine()
            let kept = try against.map { file in
                try KeptCheckpoint(file: file, trusting: try key.map { try VerifierKey($0) } ?? data.node.logVerifierKey(settings))
            }
            report = try reader.verify(against: kept.map { [$0.tree] } ?? []) { done, total in progress.show("verify", done, of: total) }
            progress.end()
        } catch let error as EventStoreError where error.code == .corrupted || error.code == .notALog {
            // The file cannot even be read as a log: that is an answer, not a failure to run.
            if json { try Console.printJSON(["sound": false]) }
            throw Failure(.no, "tampered or damaged: \(error)")
        }
        if json {
            let problems = report.problems.map { Report.Problem(position: $0.position, column: $0.column, detail: $0.detail) }
            try Console.printJSON(
                Report(
                    sound: report.isSound,
                    events: report.eventCount,
                    position: report.head.position,
                    root: report.head.rootHash.hex,
                    rollbackExcluded: against != nil && report.isSound,
                    problemCount: report.problemCount,
                    problems: problems
                )
            )
        }
        for problem in report.problems.prefix(50) { Console.say("\(problem)") }
        guard report.isSound else { throw Failure(.no, "tampered: \(report.problemCount) problems") }
        Console.say("sound: \(report.eventCount) events, root \(report.head.rootHash.hex)")
        if against != nil { return Console.say("it has only grown since the checkpoint") }
        Console.say("note: without a kept checkpoint, a rollback to an older valid copy is not excluded")
    }
}
