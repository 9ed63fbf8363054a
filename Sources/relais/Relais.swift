import ArgumentParser
import Foundation

/// The command line. Reading commands open the data directory read-only; changing ones speak to the running server through its control
/// socket, or take the directory's lock when none runs.
@main
struct Relais: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "relais",
        abstract: "Carries a patient's pathway from the hospital to the city.",
        discussion: """
            Exit status: 0 done; 1 the answer is no; 2 usage or environment.
            With --json, one JSON document goes to standard output, and words for people to standard error.
            """,
        version: "0.1.0",
        subcommands: [
            InitCommand.self, ServeCommand.self, DemoCommand.self, TerritoryCommand.self, ProtocolsCommand.self, EmitCommand.self,
            ImportCommand.self, ToDoCommand.self, FollowUpCommand.self, AbsenceCommand.self, WhyCommand.self,
            FeedCommand.self, QuarantineCommand.self, ProfilesCommand.self, ReplayCommand.self, VerifyCommand.self, ProjectionsCommand.self,
            EraseCommand.self, PatientCommand.self, KeysCommand.self, LogCommand.self, AuditCommand.self,
            WitnessCommand.self, BackupCommand.self, RestoreCommand.self, FollowersCommand.self, NotificationsCommand.self, WatchdogCommand.self,
            KafkaCommand.self, StandbyCommand.self, FollowCommand.self, PromoteCommand.self, SimulateCommand.self, BenchCommand.self,
        ]
    )

    static func main() async {
        // Nearly every file that is made holds something of patients or keys.
        umask(0o077)
        do {
            var command = try parseAsRoot()
            if var asynchronous = command as? any AsyncParsableCommand {
                try await asynchronous.run()
            } else {
                try command.run()
            }
        } catch {
            Failure.exit(with: error)
        }
    }
}
