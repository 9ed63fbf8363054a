import Foundation
import Simulation
import Timekeeping

/// Which worlds the tests make. `RELAIS_SEED=n` tells one again; `RELAIS_SEEDS=n` says how many; `RELAIS_LONG=1` makes a thousand.
enum Seeds {
    private static func number(_ name: String) -> UInt64? { ProcessInfo.processInfo.environment[name].flatMap { UInt64($0) } }

    static var all: [UInt64] {
        if let one = number("RELAIS_SEED") { return [one] }
        let count = number("RELAIS_SEEDS") ?? (number("RELAIS_LONG") == 1 ? 1_000 : 100)
        return Array(1...max(count, 1))
    }

    /// A small territory in which much happens: each seed has its own faults, and every fourth begins before a change of summer time.
    static func options(_ seed: UInt64) -> SimulationOptions {
        var options = SimulationOptions(seed: seed, days: 5, inhabitants: 700 + Int(seed % 5) * 250, start: start(seed))
        options.hospital.visitsPerYear = 1.2
        options.hospital.dischargesTakenBack = 0.06
        options.hospital.dischargesCorrected = 0.06
        options.hospital.sameVisitReturns = 0.15
        options.hospital.merged = 0.08
        options.hospital.returning = 0.3
        options.staff.absencesPerYear = 40
        options.staff.givenBack = 0.08
        options.staff.alertSigns = 0.05
        options.staff.missingPrescriptions = 0.05
        options.wire.repeated = 0.08
        options.wire.delayed = 0.12
        options.wire.lost = 0.04
        options.wire.unanswered = 0.04
        options.faults = .harsh
        options.protocolFiles = protocols(seed)
        return options
    }

    /// Those that apply by themselves, and one that a ward proposes.
    private static func protocols(_ seed: UInt64) -> Set<String> {
        let proposed = ["heart-failure.yaml", "copd.yaml", "surgery.yaml", "elderly-75.yaml", "maternity.yaml"]
        let always = ["plain-home-discharge", "against-advice-discharge", "unknown-discharge", "ehpad-discharge", "smr-discharge", "had-discharge"]
        return Set(always.map { "\($0).yaml" } + [proposed[Int(seed % UInt64(proposed.count))]])
    }

    /// Midnight in Paris.
    private static func start(_ seed: UInt64) -> Instant {
        let texts = ["2026-03-26T00:00:00+01:00", "2026-10-22T00:00:00+02:00", "2026-06-01T00:00:00+02:00", "2026-12-28T00:00:00+01:00"]
        return Instant(rfc3339: texts[Int(seed % 4)]) ?? Instant(millisecondsSinceEpoch: 0)
    }
}
