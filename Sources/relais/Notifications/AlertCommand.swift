import Subprocess
import SystemPackage

/// What an operator has run when somebody falls silent: a line for the shell.
struct AlertCommand {
    let text: String
    /// Beside our own.
    let variables: [String: String]

    /// Whoever waits longer for it would look at nothing meanwhile.
    private static let patience = Duration.seconds(60)

    /// Runs it to its end, and no longer than a minute: then it is stopped with all that it started.
    ///
    /// - Returns: what went wrong, `nil` when nothing did.
    func run() async -> String? {
        do {
            let status = try await withThrowingTaskGroup(of: TerminationStatus?.self) { group in
                group.addTask { try await start() }
                group.addTask {
                    try await Task.sleep(for: Self.patience)
                    return nil
                }
                let first = try await group.next() ?? nil
                group.cancelAll()
                return first
            }
            guard let status else { return "it took more than a minute" }
            return status.isSuccess ? nil : "\(status)"
        } catch { return "\(error)" }
    }

    private func start() async throws -> TerminationStatus {
        var environment: [Environment.Key: String?] = [:]
        for (name, value) in variables { if let key = Environment.Key(rawValue: name) { environment[key] = value } }
        var options = PlatformOptions()
        // A session of its own, so that what the shell started ends with it.
        options.createSession = true
        options.teardownSequence = [.send(signal: .terminate, toProcessGroup: true, allowedDurationToNextStep: .seconds(5))]
        return try await Subprocess.run(
            .path("/bin/sh"),
            arguments: ["-c", text],
            environment: .inherit.updating(environment),
            platformOptions: options,
            output: .currentStandardOutput,
            error: .currentStandardError
        ).terminationStatus
    }
}
