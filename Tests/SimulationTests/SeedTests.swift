import Simulation
import Testing

@Suite("Worlds")
struct SeedTests {
    @Test("Every invariant holds after every step", arguments: Seeds.all)
    func invariants(seed: UInt64) async throws {
        let report: SimulationReport
        do {
            report = try await Simulation.run(Seeds.options(seed))
        } catch {
            Issue.record("\(error)")
            return
        }
        #expect(report.events > 0 && report.messages > 0, "RELAIS_SEED=\(seed): nothing happened")
    }

    @Test("The same seed makes the same log, to the byte", arguments: [3, 17] as [UInt64])
    func deterministic(seed: UInt64) async throws {
        let first = try await Simulation.run(Seeds.options(seed))
        let second = try await Simulation.run(Seeds.options(seed))
        #expect(first == second)
        #expect(first.rootHash != (try await Simulation.run(Seeds.options(seed + 100))).rootHash)
    }

    @Test("Looking changes nothing: unchecked, the log is the same")
    func unchecked() async throws {
        var options = Seeds.options(5)
        let checked = try await Simulation.run(options)
        options.checking = .off
        #expect(try await Simulation.run(options).rootHash == checked.rootHash)
    }

    @Test("Together the worlds meet every fault and every turn of a pathway")
    func coverage() async throws {
        var restarts = 0
        var repetitions = 0
        var held = 0
        var lapsed = 0
        var givenBack = 0
        var escalations = 0
        var withdrawn = 0
        for seed in 201...210 as ClosedRange<UInt64> {
            let report = try await Simulation.run(Seeds.options(seed))
            restarts += report.restarts
            repetitions += report.repetitions
            held += report.held
            lapsed += report.lapsed
            givenBack += report.givenBack
            escalations += report.escalations
            withdrawn += report.withdrawn
        }
        for (what, count) in [
            ("restarts", restarts), ("repetitions", repetitions), ("held", held), ("lapsed", lapsed), ("given back", givenBack),
            ("escalations", escalations), ("withdrawn", withdrawn),
        ] {
            #expect(count > 0, "\(what) never happened in ten worlds")
        }
    }
}
