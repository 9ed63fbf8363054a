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

    /// What a run of a thousand seeds found: a discharge corrected to an earlier hour after its follow-ups were escalated (343).
    @Test("Worlds that once were told wrong are told right", arguments: [343] as [UInt64])
    func found(seed: UInt64) async throws {
        #expect(try await Simulation.run(Seeds.options(seed)).escalations > 0)
    }

    /// A correction that leaves out ZFM-4 takes no stated destination back: the hospital's own book must say so too.
    @Test("Ten days of a larger territory with the usual habits")
    func larger() async throws {
        var options = SimulationOptions(seed: 1, days: 10, inhabitants: 10_000)
        options.faults = .harsh
        #expect(try await Simulation.run(options).messages > 0)
    }

    @Test("The same seed makes the same log, to the byte", arguments: [3, 17] as [UInt64])
    func deterministic(seed: UInt64) async throws {
        let first = try await Simulation.run(Seeds.options(seed))
        let second = try await Simulation.run(Seeds.options(seed))
        #expect(first == second)
        #expect(first.rootHash != (try await Simulation.run(Seeds.options(seed + 100))).rootHash)
    }

    /// A look that begets another, beside the one that is noted anyway, makes a year cost more than the sum of its months.
    @Test("The scheduler looks where there is something to see: steps do not outgrow events")
    func steps() async throws {
        var options = SimulationOptions(seed: 4, days: 40, inhabitants: 3_000)
        options.faults = .none
        options.checking = .off
        options.protocolFiles = ["plain-home-discharge.yaml", "heart-failure.yaml"]
        let report = try await Simulation.run(options)
        #expect(Int64(report.steps) < 2 * report.events, "\(report.steps) steps for \(report.events) events")
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
