import ArgumentParser
import Coordination
import EventStore
import Sealing
import Transparency

struct VerifyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Recomputes every hash and the tree from the stored bytes, and looks up every key.",
        discussion: """
            Beside a running server or without one. Exit status: 0 sound; 1 tampered, or a key is missing that no erasure destroyed, and
            where; 2 could not run. Keys are unwrapped if the master key is here.
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

        struct KeyProblem: Encodable {
            let keyid: String?
            let position: Int64?
            let detail: String
        }

        struct Keys: Encodable {
            let sound: Bool
            /// Sealed events and answers whose key was looked up.
            let uses: Int64
            let erased: Int
            /// Absent if the master key is not here.
            let unwrapped: Int?
            let problems: [KeyProblem]

            init(_ check: NodeKeyCheck) {
                sound = check.isSound
                uses = check.report.uses
                erased = check.report.erasedKeys
                unwrapped = check.vault?.liveKeys
                problems = check.report.problems.map { KeyProblem(keyid: $0.keyID, position: $0.position, detail: $0.detail) }
            }
        }

        /// Log and keys.
        let sound: Bool
        let events: Int64
        let position: Int64
        let root: String
        let rollbackExcluded: Bool
        let problemCount: Int
        let problems: [Problem]
        let keys: Keys
    }

    func run() async throws {
        let settings = try data.node.settings()
        let report: VerificationReport
        let keys: NodeKeyCheck
        do {
            let reader = try SQLiteEventLog.openReadOnly(directory: data.node.path)
            var progress = ProgressLine()
            let kept = try against.map { file in
                try KeptCheckpoint(file: file, trusting: try key.map { try VerifierKey($0) } ?? data.node.logVerifierKey(settings))
            }
            report = try reader.verify(against: kept.map { [$0.tree] } ?? []) { done, total in progress.show("verify", done, of: total) }
            progress.end()
            keys = try NodeKeyCheck.run(data.node, settings, log: reader)
        } catch let error as EventStoreError where error.code == .corrupted || error.code == .notALog {
            // The file cannot even be read as a log: that is an answer, not a failure to run.
            if json { try Console.printJSON(["sound": false]) }
            throw Failure(.no, "tampered or damaged: \(error)")
        }
        if json {
            let problems = report.problems.map { Report.Problem(position: $0.position, column: $0.column, detail: $0.detail) }
            try Console.printJSON(
                Report(
                    sound: report.isSound && keys.isSound,
                    events: report.eventCount,
                    position: report.head.position,
                    root: report.head.rootHash.hex,
                    rollbackExcluded: against != nil && report.isSound,
                    problemCount: report.problemCount + keys.report.problems.count,
                    problems: problems,
                    keys: Report.Keys(keys)
                )
            )
        }
        for problem in report.problems.prefix(Self.shownProblems) { Console.say("\(problem)") }
        for problem in keys.report.problems.prefix(Self.shownProblems) { Console.say("\(problem)") }
        if report.isSound {
            Console.say("sound: \(report.eventCount) events, root \(report.head.rootHash.hex)")
            if against == nil {
                Console.say("note: without a kept checkpoint, a rollback to an older valid copy is not excluded")
            } else {
                Console.say("it has only grown since the checkpoint")
            }
        }
        say(keys)
        guard report.isSound else { throw Failure(.no, "tampered: \(report.problemCount) problems") }
        guard keys.isSound else { throw Failure(.no, "the log is as it was written, its keys are not: \(keys.report.problems.count) problems") }
    }

    private static let shownProblems = 50

    private func say(_ keys: NodeKeyCheck) {
        guard keys.isSound else { return }
        Console.say("keys sound: \(keys.report.uses) sealed texts have theirs, or were erased; \(keys.report.erasedKeys) keys erased")
        if let vault = keys.vault {
            Console.say("keys unwrap: \(vault.liveKeys) under master key \(vault.masterID)")
        } else {
            Console.say("note: no key was unwrapped, for the master key or keys.sqlite is not here")
        }
    }
}
