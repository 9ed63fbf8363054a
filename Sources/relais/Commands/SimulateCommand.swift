import ArgumentParser
import Coordination
import EventStore
import Foundation
import Sealing
import Simulation
import Timekeeping

/// Makes the data directory of a territory that does not exist, with everything that happened there.
struct SimulateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "simulate",
        abstract: "A synthetic territory with realistic flows, in a new data directory.",
        discussion: """
            Hospitals send real HL7 messages, professionals accept, decline, forget and are away, under a clock of their own. The same seed, days \
            and inhabitants tell the same story. The directory is like any other: todo, replay, why, verify and serve work on it.
            """
    )

    @Option(help: "The same seed tells the same story.") var seed: UInt64 = 1
    @Option(help: "Days of 24 hours.") var days = 30
    @Option(help: "The first instant; midnight in Paris of Monday 5 January 2026 if absent.") var start: Instant?
    @Option(help: "Inhabitants of the territory, 500 at least.") var inhabitants = 10_000
    @Option(name: .customLong("data"), help: ArgumentHelp("The data directory to make.", valueName: "DIR")) var directory: String
    @Flag(help: "The report as one JSON document.") var json = false

    func validate() throws {
        guard (1...3_660).contains(days) else { throw ValidationError("--days must be 1 to 3660.") }
        guard (500...2_000_000).contains(inhabitants) else { throw ValidationError("--inhabitants must be 500 to 2000000.") }
    }

    func run() async throws {
        let place = NodeDirectory(naming: directory)
        try place.create(NodeDirectory.Settings(territory: SyntheticTerritory.id, environment: "test", masterKey: nil))
        var options = SimulationOptions(seed: seed, days: days, inhabitants: inhabitants)
        if let start { options.start = start }
        options.faults = .none
        options.checking = .off
        let files = SimulatedFiles(place)
        options.storage = { time in try await files.open(time: time) }
        var line = ProgressLine()
        let report: SimulationReport
        do {
            report = try await Simulation.run(options) { done, _ in line.show("simulating", Int64(done), of: Int64(days)) }
        } catch {
            line.end()
            await files.close()
            Console.say("\(place.path) holds a story that was broken off; remove it")
            throw error
        }
        line.end()
        await files.close()
        print(try json ? report.json() : report.text)
        Console.say("\(place.path) is ready. Next: relais serve --data \(place.path)")
    }
}

/// The files of a simulated world: those of any data directory, under the clock of the world.
private actor SimulatedFiles {
    private let directory: NodeDirectory
    private var log: SQLiteEventLog?
    private var keys: KeyVault?

    init(_ directory: NodeDirectory) { self.directory = directory }

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
