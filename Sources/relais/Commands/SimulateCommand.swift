import ArgumentParser
import Coordination
import EventStore
import Foundation
import Sealing
import Simulation
import Timekeeping

/// Makes the data directory of a territory that does not exist, with everything that happened there; or tells what would have come of one that
/// exists under another protocol.
struct SimulateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "simulate",
        abstract: "A synthetic territory with realistic flows, in a new data directory; or a real log under another protocol.",
        discussion: """
            Hospitals send real HL7 messages, professionals accept, decline, forget and are away, under a clock of their own. The same seed, days \
            and inhabitants tell the same story. The directory is like any other: todo, replay, why, verify and serve work on it.

            With --what-if the data directory is one that exists, and is only read. Every decision of the period is first made again from the log: \
            if one comes out otherwise, nothing is shown. Then the period is run again under the protocol of the file, as an estimate.
            """
    )

    @Option(help: "The same seed tells the same story.") var seed: UInt64 = 1
    @Option(help: "Days of 24 hours (default 30).") var days: Int?
    @Option(help: "The first instant, RFC 3339; midnight in Paris of Monday 5 January 2026 if absent.") var start: Instant?
    @Option(help: "Inhabitants of the territory, 500 at least (default 10000).") var inhabitants: Int?
    @Option(
        name: .customLong("data"),
        help: ArgumentHelp("The data directory to make; if absent nothing is kept. With --what-if, the one to read.", valueName: "DIR")
    )
    var directory: String?
    @Flag(help: "The report as one JSON document.") var json = false
    @Option(name: .customLong("what-if"), help: ArgumentHelp("A protocol that would have been in force.", valueName: "PROTOCOL.yaml"))
    var changedProtocol: String?
    @Option(help: "With --what-if: the first instant of the period, RFC 3339; the log's beginning if absent.") var from: Instant?
    @Option(help: "With --what-if: the first instant after the period, RFC 3339; the log's end if absent.") var to: Instant?
    @Option(help: "With --what-if: how often people's answers are drawn (default 40).") var draws: Int?

    /// 1971 to 3000, in milliseconds since 1970.
    private static let years: ClosedRange<Int64> = 31_536_000_000...32_535_215_999_999

    func validate() throws {
        if changedProtocol != nil, directory == nil { throw ValidationError("--what-if reads a data directory: name it with --data.") }
        if changedProtocol == nil {
            if from != nil || to != nil || draws != nil { throw ValidationError("--from, --to and --draws belong to --what-if.") }
        } else {
            guard days == nil, inhabitants == nil, start == nil else {
                throw ValidationError("--what-if takes a directory as it is: without --days, --inhabitants and --start.")
            }
            if let draws, !(1...10_000).contains(draws) { throw ValidationError("--draws must be 1 to 10000.") }
            if let from, let to, to <= from { throw ValidationError("--to must be after --from.") }
        }
        guard (1...3_660).contains(days ?? 30) else { throw ValidationError("--days must be 1 to 3660.") }
        if let start, !Self.years.contains(start.millisecondsSinceEpoch) { throw ValidationError("--start must lie in 1971 to 3000.") }
        guard directory?.isEmpty != true else { throw ValidationError("--data must name a directory.") }
        guard (500...2_000_000).contains(inhabitants ?? 10_000) else { throw ValidationError("--inhabitants must be 500 to 2000000.") }
    }

    func run() async throws {
        if let changedProtocol, let directory { return try await askWhatIf(changedProtocol, of: directory) }
        let days = days ?? 30
        var options = SimulationOptions(seed: seed, days: days, inhabitants: inhabitants ?? 10_000)
        if let start { options.start = start }
        options.faults = .none
        options.checking = .off
        let files = try directory.map { try SimulatedFiles(making: NodeDirectory(naming: $0)) }
        if let files { options.storage = { time in try await files.open(time: time) } }
        var line = ProgressLine()
        let report: SimulationReport
        do {
            report = try await Simulation.run(options) { done, _ in line.show("simulating", Int64(done), of: Int64(days)) }
        } catch {
            line.end()
            await files?.close()
            if let files { Console.say("\(files.directory.path) holds a story that was broken off; remove it") }
            throw error
        }
        line.end()
        await files?.close()
        print(try json ? report.json() : report.text)
        if let files { Console.say("\(files.directory.path) is ready. Next: relais serve --data \(files.directory.path)") }
    }
}

/// The files of a simulated world: those of any data directory, under the clock of the world.
private actor SimulatedFiles {
    let directory: NodeDirectory
    private var log: SQLiteEventLog?
    private var keys: KeyVault?

    init(making directory: NodeDirectory) throws {
        self.directory = directory
        try directory.create(NodeDirectory.Settings(territory: SyntheticTerritory.id, environment: "test", masterKey: nil))
    }

    func open(time: TimeSource) throws -> SimulationStorage {
        let settings = try directory.settings()
        let keys = try NodeKeys.open(directory, settings, time: time)
        self.keys = keys
        let log = try SQLiteEventLog.open(
            .init(directory: directory.path, identity: settings.territory, createsIfMissing: true, sealer: keys, time: time)
        )
        self.log = log
        let store = try SQLiteReactorStore(path: directory.reactors) { Console.say($0) }
        return SimulationStorage(
            log: log,
            sealer: keys,
            streams: StreamNames(naming: try directory.streamNaming(), territory: settings.territory),
            reactors: store,
            deadlines: SQLiteDeadlineStore(store: store)
        )
    }

    func close() async {
        await log?.close()
        // What could not be closed goes with the process.
        try? keys?.close()
    }
}
