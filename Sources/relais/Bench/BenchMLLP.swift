import ArgumentParser
import Coordination
import EventStore
import HL7v2
import Intake
import Pathways
import ServiceLifecycle
import Simulation
import Timekeeping

/// Messages acknowledged over MLLP by a server in this process: admission, transfer and discharge of new visits of new patients.
/// The published figure comes from `ops/bench/run`, whose client is a process of its own.
struct BenchMLLP: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "mllp", abstract: "Messages acknowledged per second.")

    @OptionGroup var options: BenchCommand.Options
    @Option(help: "Connections, one message in flight on each.") var connections = 8
    @Option(help: "For how long.") var seconds = 5.0

    func validate() throws {
        if connections < 1 || !(seconds > 0) { throw ValidationError("--connections and --seconds must be positive.") }
    }

    func run() async throws {
        let node = try await SyntheticStays.node(in: options.data.node)
        let stays = try SyntheticStays(node)
        let port = PortPromise()
        let router = try TerritoryRouter([TerritoryIntake(id: node.territory, intake: node.intake)], logger: .quiet)
        let listener = MLLPService(.init(host: "127.0.0.1", port: 0), intake: router, duties: [], logger: .quiet) { port.fulfil($0) }
        let group = ServiceGroup(services: node.followerServices + [listener], logger: .quiet)
        let (connections, seconds) = (connections, seconds)
        async let served: Void = group.run()
        guard let bound = await port.port() else { throw Failure(.storage, "the listener did not start") }
        let end = ContinuousClock.now + .seconds(seconds)
        let run = node.coordinator.time.now().millisecondsSinceEpoch
        let latencies = try await withThrowingTaskGroup(of: [Duration].self) { tasks in
            for connection in 0..<connections {
                tasks.addTask { try await send(connection, run: run, to: bound, until: end, stays) }
            }
            return try await tasks.reduce(into: []) { $0 += $1 }
        }
        await group.triggerGracefulShutdown()
        try await served
        var figure = Figure("mllp.connections\(connections)", Double(latencies.count) / seconds, "msg/s", latencies: latencies)
        figure.synchronous = try node.log.synchronous()
        await node.close()
        try figure.print(json: options.json)
    }

    private func send(
        _ connection: Int,
        run: Int64,
        to port: Int,
        until end: ContinuousClock.Instant,
        _ stays: SyntheticStays
    ) async throws -> [Duration] {
        let client = try await MLLPClient.connect(host: "127.0.0.1", port: port)
        var latencies: [Duration] = []
        var random = SplitMix64(state: UInt64(bitPattern: run) &+ UInt64(connection))
        guard let unit = stays.hospital.units.first, let sender = HospitalSender(of: stays.hospital) else { return [] }
        var number = 0
        while ContinuousClock.now < end {
            number += 1
            let name = "\(run)C\(connection)N\(number)"
            let story = HospitalStory(
                patient: FictionalPatient(number: "P\(name)", at: unit, in: stays.territory, using: &random),
                visit: "V\(name)",
                unit: unit,
                sender: sender,
                exit: .home
            )
            let now = stays.node.coordinator.time.now()
            for (index, step) in HospitalStory.Step.allCases.enumerated() {
                let message = story.message(step, controlID: "\(connection)N\(number)S\(index)", at: now.adding(minutes: Int64(index) - 10))
                let begin = ContinuousClock.now
                let answer = try await client.send(message)
                latencies.append(ContinuousClock.now - begin)
                guard (try? Message(parsing: answer))?["MSA", 1].text == "AA" else { throw Failure(.no, "a message was not acknowledged with AA") }
            }
        }
        await client.close()
        return latencies
    }
}
