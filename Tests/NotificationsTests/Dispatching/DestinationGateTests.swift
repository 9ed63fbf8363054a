import NotificationChannels
import Notifications
import Pathways
import Testing
import Timekeeping

@Suite("The gate of a destination")
struct DestinationGateTests {
    private static let now = Town.at("2026-11-17T14:00:00+01:00")
    private static let mail = Destination(ChannelAddress(kind: .mssante, address: "a@mssante.example"))

    private func pass(
        _ gate: DestinationGate,
        _ destination: Destination = mail,
        urgent: Bool = false,
        at now: Instant = now
    ) -> DestinationGate.Pass? {
        if case .free(let pass) = gate.enter(destination, isUrgent: urgent, at: now) { pass } else { nil }
    }

    @Test func webhooksAreOneDestinationForEachHost() {
        let first = Destination(ChannelAddress(kind: .webhook, address: "https://A.example/x"))
        #expect(first == Destination(ChannelAddress(kind: .webhook, address: "https://a.example/y")))
        #expect(first != Destination(ChannelAddress(kind: .webhook, address: "https://b.example/x")))
    }

    @Test func aBoundedNumberGoesThroughAndPlacesAreKeptForWhatIsUrgent() {
        let gate = DestinationGate(parallel: [.mssante: 4])
        let passes = (0..<3).compactMap { _ in pass(gate) }
        #expect(passes.count == 3)
        #expect(pass(gate) == nil)
        #expect(pass(gate, urgent: true) != nil)
        #expect(pass(gate, urgent: true) == nil)
        #expect(gate.wait("r", for: Self.mail, isUrgent: false).isEmpty)
        #expect(gate.wait("u", for: Self.mail, isUrgent: true).isEmpty)
        #expect(gate.leave(passes[0], after: .handedOver(receipt: nil), at: Self.now) == ["u"])
        // The place that is free now is kept for what is urgent; the next one is for anybody.
        #expect(gate.leave(passes[1], after: .handedOver(receipt: nil), at: Self.now) == ["r"])
        let full = (0..<2).compactMap { _ in pass(gate, urgent: true) }
        #expect(full.count == 2 && gate.wait("s", for: Self.mail, isUrgent: false).isEmpty)
        #expect(gate.leave(full[0], after: .handedOver(receipt: nil), at: Self.now).isEmpty)
        #expect(gate.wait("s", for: Self.mail, isUrgent: false).isEmpty)
    }

    @Test("Given three silences in a row, then only probes go through, less and less often, until one is answered")
    func breaker() throws {
        let gate = DestinationGate()
        for _ in 0..<3 { _ = gate.leave(try #require(pass(gate)), after: .later(reason: "timeout", after: nil), at: Self.now) }
        #expect(gate.down == [Self.mail])
        #expect(pass(gate) == nil)
        #expect(gate.wait("a", for: Self.mail, isUrgent: false).isEmpty)
        var now = Self.now
        for seconds in [10, 20, 40, 80, 160, 300, 300] as [Int64] {
            #expect(pass(gate, at: now.adding(seconds: seconds - 1)) == nil)
            now = now.adding(seconds: seconds)
            let probe = try #require(pass(gate, urgent: true, at: now))
            #expect(pass(gate, urgent: true, at: now) == nil)
            #expect(gate.leave(probe, after: .later(reason: "unreachable", after: nil), at: now).isEmpty)
        }
        let probe = try #require(pass(gate, at: now.adding(seconds: 300)))
        #expect(gate.leave(probe, after: .never(reason: "smtp-550"), at: now) == ["a"])
        #expect(gate.down.isEmpty)
    }

    @Test("Given a destination that is down, when the clock is set back, then a probe goes through at once")
    func clock() throws {
        let gate = DestinationGate()
        for _ in 0..<3 { _ = gate.leave(try #require(pass(gate)), after: .later(reason: "tls", after: nil), at: Self.now) }
        #expect(pass(gate, at: Self.now.adding(hours: -5)) != nil)
    }

    @Test func answersOfTheServerAndOurOwnBreakingOffDoNotBreakIt() throws {
        let gate = DestinationGate()
        for reason in ["http-503", "smtp-451", "cancelled", "http-429", "cancelled"] {
            _ = gate.leave(try #require(pass(gate)), after: .later(reason: reason, after: nil), at: Self.now)
        }
        #expect(gate.down.isEmpty)
    }
}
