import HL7v2
import Logging
import Pathways
import ServiceLifecycle
import Simulation
import Timekeeping

/// The demonstration's hospital: it admits, moves and discharges fictional patients, and says so over MLLP like any other.
struct SimulatedHospital: Service {
    /// Discharges a day of a territory of 130,000 inhabitants.
    private static let dischargesPerDay = 165.0
    /// Stays that are told at once when it starts, so that the first lists fill within seconds.
    private static let firstStays = 24

    let territory: Territory
    let hospital: Hospital
    /// 60 = an hour a minute.
    let speed: Double
    let port: PortPromise
    let time: TimeSource
    let seed: UInt64

    func run() async throws {
        try await cancelWhenGracefulShutdown {
            guard let port = await port.port() else { return }
            var random = SplitMix64(state: seed)
            var told = 0
            while !Task.isCancelled {
                do {
                    let client = try await MLLPClient.connect(host: "127.0.0.1", port: port)
                    defer { Task { await client.close() } }
                    while !Task.isCancelled {
                        try await tell(number: told, through: client, using: &random)
                        told += 1
                        let pause = told < Self.firstStays ? 0.25 : 86_400 / Self.dischargesPerDay / max(speed, 0.001)
                        try await Task.sleep(for: .seconds(pause))
                    }
                } catch is CancellationError {
                    return
                } catch {
                    Console.say("simulated hospital: \(error); trying again")
                    try await Task.sleep(for: .seconds(1))
                }
            }
        }
    }

    /// One stay, from admission to discharge: the stay itself lies in the days before.
    private func tell(number: Int, through client: MLLPClient, using random: inout SplitMix64) async throws {
        guard let sender = HospitalSender(of: hospital), !hospital.units.isEmpty else { return }
        let unit = hospital.units[Int.random(in: hospital.units.indices, using: &random)]
        let run = String(time.now().millisecondsSinceEpoch, radix: 36).uppercased()
        let exits: [HospitalExit] = [.home, .home, .home, .home, .home, .home, .smr, .ehpad, .had, .againstAdvice]
        let story = HospitalStory(
            patient: FictionalPatient(number: "P\(run)", at: unit, in: territory, using: &random),
            visit: "V\(run)",
            unit: unit,
            sender: sender,
            exit: exits.randomElement(using: &random) ?? .home
        )
        let now = time.now()
        let days = Int64.random(in: 2...9, using: &random)
        for (step, at) in [(HospitalStory.Step.admission, now.adding(days: -days)), (.transfer, now.adding(days: 1 - days)), (.discharge, now)] {
            let controlID = String("\(run)\(step)".prefix(20))
            let message = story.message(step, controlID: controlID, at: at)
            let answer = try await client.send(message)
            let code = (try? Message(parsing: answer))?["MSA", 1].text ?? "no answer"
            if code != "AA" { Console.say("simulated hospital: \(step) answered \(code)") }
        }
    }
}
