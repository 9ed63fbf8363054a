import EventStore
import Foundation
import Pathways
import Simulation
import Testing
import Timekeeping

@Suite("What if: the estimate")
struct WhatIfEstimateTests {
    /// One small world for all tests: a log is only read.
    private static let world = Task {
        var options = SimulationOptions(seed: 11, days: 8, inhabitants: 2_500)
        options.hospital.visitsPerYear = 1.2
        options.staff.late = 0.3
        options.faults = .none
        options.protocolFiles = ["plain-home-discharge.yaml"]
        return try await PastWorld(options)
    }

    private static func run(
        _ yaml: String = PlainHome.yaml,
        draws: Int = 3,
        seed: UInt64 = 1,
        from: Instant? = nil,
        to: Instant? = nil
    ) async throws -> WhatIfReport {
        var options = WhatIfOptions(yaml: yaml, file: "changed.yaml")
        (options.draws, options.seed, options.from, options.to) = (draws, seed, from, to)
        return try await world.value.whatIf.run(options)
    }

    private static func measure(_ name: String, _ report: WhatIfReport) throws -> WhatIfReport.Measure {
        try #require(report.measures.first { $0.name == name }, "no measure \(name)")
    }

    @Test("The protocol in force changes nothing, and the estimate is near what happened")
    func identical() async throws {
        let report = try await Self.run()
        let nothing = WhatIfReport.Estimate(mean: 0, low: 0, high: 0)
        #expect(report.differences == 0 && report.decisions > 50)
        #expect(report.change.isEmpty)
        for measure in report.measures + report.loads { #expect(measure.difference == nothing, "\(measure.name)") }
        #expect(report.avoided == nothing && report.added == nothing)
        for name in ["late visits", "follow-ups planned", "follow-ups done", "offers", "messages sent", "acceptances"] {
            let measure = try Self.measure(name, report)
            #expect(measure.history > 0, "\(name): nothing happened")
            #expect(abs(measure.inForce - measure.history) <= max(5, measure.history * 0.12), "\(name): \(measure)")
        }
        #expect(report.text.contains("0 differences in \(report.decisions) decisions"))
        #expect(report.text.contains("+") == false)
    }

    @Test("A wider window adds no late visit, and avoids some")
    func widened() async throws {
        let report = try await Self.run(PlainHome.yaml.replacing("window: {from: J0, to: J0}", with: "window: {from: J0, to: J0+3d}"))
        #expect(report.change.contains { $0.contains("pharmacy-reconciliation") })
        #expect(report.avoided.low > 0 && report.added.high == 0)
        #expect(try Self.measure("late visits", report).difference.high < 0, "\(report.text)")
    }

    @Test("A narrower window adds late visits")
    func narrowed() async throws {
        let report = try await Self.run(PlainHome.yaml.replacing("value: J0+48h", with: "value: J0+4h"))
        #expect(report.added.low > 0)
        #expect(try Self.measure("late visits", report).difference.low > 0, "\(report.text)")
    }

    @Test("Smaller waves ask fewer people")
    func waves() async throws {
        let report = try await Self.run(PlainHome.yaml.replacing("waveSize: 3", with: "waveSize: 1"))
        #expect(try Self.measure("offers", report).difference.high < 0, "\(report.text)")
        #expect(try Self.measure("messages sent", report).difference.mean < 0)
    }

    @Test("Half the time to answer asks more people sooner")
    func answerTime() async throws {
        let yaml = PlainHome.yaml
            .replacing("aloneMinutes: 240, waveSize: 3, waveMinutes: 120", with: "aloneMinutes: 30, waveSize: 3, waveMinutes: 15")
        let report = try await Self.run(yaml)
        #expect(try Self.measure("offers", report).difference.low > 0)
        #expect(try Self.measure("median minutes to acceptance", report).difference.mean < 0)
    }

    @Test("A further step of escalation tells more people")
    func escalation() async throws {
        let report = try await Self.run(
            PlainHome.yaml.replacing(
                "  - {afterDueMinutes: 0, target: owner}\n  - {afterDueMinutes: 1440, target: referent}\n",
                with: "  - {afterDueMinutes: 0, target: owner}\n  - {afterDueMinutes: 60, target: referent}\n"
                    + "  - {afterDueMinutes: 1440, target: referent}\n"
            )
        )
        #expect(try Self.measure("escalation notices", report).difference.low > 0)
    }

    @Test("A protocol that was not in force plans more")
    func new() async throws {
        let yaml = PlainHome.yaml.replacing("id: plain-home-discharge\n", with: "id: twice-home-discharge\n")
        let report = try await Self.run(yaml, draws: 1)
        #expect(report.versionInForce == nil)
        #expect(try Self.measure("follow-ups planned", report).difference.low > 0)
    }

    @Test("The same seed gives the same bytes; another seed another estimate, about the same")
    func seeds() async throws {
        let yaml = PlainHome.yaml.replacing("waveSize: 3", with: "waveSize: 1")
        let first = try await Self.run(yaml, draws: 4)
        let again = try await Self.run(yaml, draws: 4)
        #expect(try first.json() == again.json())
        let other = try await Self.run(yaml, draws: 4, seed: 2)
        #expect(other.measures != first.measures)
        for name in ["offers", "messages sent", "acceptances"] {
            let (one, two) = (try Self.measure(name, first), try Self.measure(name, other))
            let slack = max(4, one.history * 0.06)
            #expect(one.difference.low - slack <= two.difference.mean && two.difference.mean <= one.difference.high + slack, "\(one) \(two)")
        }
        let read = try JSONDecoder().decode(WhatIfReport.self, from: Data(try first.json().utf8))
        #expect(read == first)
    }

    @Test("A part of the log takes what was before as it was")
    func period() async throws {
        let whole = try await Self.run(draws: 1)
        let start = SimulationOptions(seed: 1, days: 1, inhabitants: 500).start
        let (from, to) = (start.adding(days: 3), start.adding(days: 6))
        let part = try await Self.run(draws: 2, from: from, to: to)
        #expect(part.decisions > 20 && part.decisions < whole.decisions)
        let offers = try Self.measure("offers", part)
        let all = try Self.measure("offers", whole)
        #expect(offers.history > 0 && offers.history < all.history)
        #expect(abs(offers.inForce - offers.history) <= max(5, offers.history * 0.12), "\(offers)")
        #expect(part.to == to.rfc3339)
        let wider = try await Self.run(PlainHome.yaml.replacing("value: J0+48h", with: "value: J0+96h"), draws: 2, from: from, to: to)
        #expect(wider.added.high == 0)
    }

    @Test("What cannot be asked is refused by name")
    func refusals() async throws {
        await #expect(throws: FileErrors.self) { try await Self.run("id: [") }
        await #expect(throws: WhatIfRefusal(reason: .noDraws)) { try await Self.run(draws: 0) }
        await #expect(throws: WhatIfRefusal(reason: .emptyPeriod)) {
            try await Self.run(from: Instant(millisecondsSinceEpoch: 4_000_000_000_000))
        }
    }
}
