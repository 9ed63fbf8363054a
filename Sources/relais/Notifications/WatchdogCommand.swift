import ArgumentParser
import Notifications
import Timekeeping

struct WatchdogCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "watchdog",
        abstract: "The dead man's switch: tells when what must never stop has fallen silent.",
        discussion: """
            Reads the signs of life that a running server leaves in the data directory, and nothing else: it works when the server, its log and
            its channels do not. Run it beside the server (ops/relais-watchdog.service), or with --once from elsewhere.
            Exit status with --once: 0 all are alive, 1 one is silent.
            """
    )

    @OptionGroup var data: DataOption
    @Option(help: "Seconds without a sign of life that are allowed.") var silence: Int64 = 120
    @Option(help: "Seconds between two looks.") var interval: Int64 = 15
    @Option(
        help: ArgumentHelp(
            "Run by the shell when somebody falls silent, every hour while it lasts, and when it is over: RELAIS_ALERT (silent, recovered), RELAIS_SILENT (names), RELAIS_DATA.",
            valueName: "COMMAND"
        )
    )
    var alertCommand: String?
    @Option(
        name: .customLong("expect"),
        help: ArgumentHelp(
            "Who must give signs; several are allowed (default all three). A writer whose notifiers are elsewhere has no notification-dispatcher, a notifier no deadlines.",
            valueName: "NAME"
        )
    )
    var names: [String] = []
    @Flag(help: "Look once and answer by the exit status.") var once = false

    /// Who must beat while a server runs.
    static let expected: Set<String> = [NodeBeats.dispatcher, NodeBeats.notifier, NodeBeats.deadlines]

    func validate() throws {
        if !(10...86_400).contains(silence) { throw ValidationError("--silence must be 10 to 86400 seconds; signs are given every 10.") }
        if let unknown = names.first(where: { !Self.expected.contains($0) }) {
            throw ValidationError("\(unknown) gives no signs: --expect takes \(Self.expected.sorted().joined(separator: ", ")).")
        }
        if !(1...3_600).contains(interval) { throw ValidationError("--interval must be 1 to 3600 seconds.") }
    }

    func run() async throws {
        _ = try data.node.settings()
        let watchdog = Watchdog(expected: names.isEmpty ? Self.expected : Set(names), patience: silence * 1_000)
        if once {
            let silent = look(watchdog)
            if silent.isEmpty { return Console.say("all are alive") }
            Console.say(words(silent))
            throw ExitCode(Failure.Status.no.rawValue)
        }
        // A server that is being started has the time that it would have between two signs.
        var state = WatchdogAlarm(patience: silence * 1_000, startedAt: TimeSource.system.now())
        while !Task.isCancelled {
            let silent = look(watchdog)
            switch state.step(isSilent: !silent.isEmpty, at: TimeSource.system.now()) {
            case .alert:
                Console.say(words(silent))
                await tell("silent", silent)
            case .recover:
                Console.say("all are alive again")
                await tell("recovered", [])
            case .nothing: break
            }
            try await Task.sleep(for: .seconds(interval))
        }
    }

    private func look(_ watchdog: Watchdog) -> [Watchdog.Silence] {
        watchdog.silent(Beats.read(data.node.path), at: TimeSource.system.now())
    }

    private func words(_ silent: [Watchdog.Silence]) -> String {
        silent.map { silence in
            switch silence.kind {
            case .neverBeat: "\(silence.name) has never given a sign of life in \(data.node.path): is the server running?"
            case .stopped: "\(silence.name) is silent since \(silence.last?.rfc3339 ?? "ever"): look at the server of \(data.node.path)"
            case .fromTheFuture: "\(silence.name) gave its last sign at \(silence.last?.rfc3339 ?? "?"), which is still to come: look at the clock"
            }
        }.joined(separator: "\n")
    }

    /// A command that fails is told of; the next look comes all the same.
    private func tell(_ what: String, _ silent: [Watchdog.Silence]) async {
        guard let alertCommand else { return }
        let command = AlertCommand(
            text: alertCommand,
            variables: ["RELAIS_ALERT": what, "RELAIS_SILENT": silent.map(\.name).joined(separator: " "), "RELAIS_DATA": data.node.path]
        )
        if let complaint = await command.run() { Console.say("the alert command failed (\(complaint))") }
    }
}
