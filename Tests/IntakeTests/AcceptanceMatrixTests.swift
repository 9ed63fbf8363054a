import HL7v2
import Intake
import Pathways
import Testing

/// Health-domain §A.8, row by row: what a sender is answered, and what becomes of the message.
struct AcceptanceMatrixTests {
    struct Row: Sendable, CustomTestStringConvertible {
        let name: String
        var environment = DeploymentEnvironment.test
        var profile: String?
        var before: [ADTMessage] = []
        let message: ADTMessage
        let code: String
        var outcome: MessageOutcome?
        var faults: [String] = []
        var warnings: Set<String> = []
        var testDescription: String { name }
    }

    private static let admission = ADTMessage("A01", control: "B1")
    private static func next(_ trigger: String) -> ADTMessage { ADTMessage(trigger, movement: "2", at: "20261109103000", control: "C2") }

    static let headers: [Row] = [
        Row(name: "not ADT", message: next("A01").with("MSH-9", "ORU^R01"), code: "AR", outcome: .refused, faults: ["200 MSH-9"]),
        Row(name: "no trigger", message: next("A01").with("MSH-9", "ADT"), code: "AR", outcome: .refused, faults: ["201 MSH-9"]),
        Row(name: "version", message: next("A01").with("MSH-12", "2.7"), code: "AR", outcome: .refused, faults: ["203 MSH-12"]),
        Row(name: "P in test", message: next("A01").with("MSH-11", "P"), code: "AR", outcome: .refused, faults: ["202 MSH-11"]),
        Row(
            name: "D in production",
            environment: .production,
            message: next("A01").with("MSH-11", "D"),
            code: "AR",
            outcome: .refused,
            faults: ["202 MSH-11"]
        ),
        Row(name: "trigger outside A.2", message: next("A60"), code: "AA", outcome: .ignored),
        Row(
            name: "unknown sender in test",
            message: next("A01").with("MSH-4", "ELSE"),
            code: "AA",
            outcome: .accepted,
            warnings: ["unknown-sender"]
        ),
        Row(
            name: "unknown sender in production",
            environment: .production,
            message: next("A01").with([("MSH-4", "ELSE"), ("MSH-11", "P")]),
            code: "AE",
            outcome: .quarantined,
            faults: ["103 MSH-4"]
        ),
    ]

    static let keys: [Row] = [
        Row(name: "no PI", message: next("A01").with("PID-3", ""), code: "AE", outcome: .quarantined, faults: ["101 PID-3"]),
        Row(name: "no visit", message: next("A01").with("PV1-19", ""), code: "AE", outcome: .quarantined, faults: ["101 PV1-19"]),
        Row(
            name: "no visit, where the site numbers none",
            profile: "account: is-visit",
            message: next("A01").with("PV1-19", ""),
            code: "AA",
            outcome: .accepted
        ),
        Row(name: "no ZBE-1", message: next("A01").with("ZBE-1", ""), code: "AE", outcome: .quarantined, faults: ["101 ZBE-1"]),
        Row(name: "no ZBE-2", message: next("A01").with("ZBE-2", ""), code: "AE", outcome: .quarantined, faults: ["101 ZBE-2"]),
        Row(name: "no ZBE-4", message: next("A01").with("ZBE-4", ""), code: "AE", outcome: .quarantined, faults: ["101 ZBE-4"]),
        Row(
            name: "no ZBE, lenient",
            profile: "zbe: lenient",
            message: next("A01").without("ZBE"),
            code: "AA",
            outcome: .accepted,
            warnings: ["zbe-derived"]
        ),
        Row(name: "ZBE-4 DELETE", message: next("A01").with("ZBE-4", "DELETE"), code: "AE", outcome: .quarantined, faults: ["103 ZBE-4"]),
        Row(
            name: "ZBE-3 valued",
            message: next("A01").with("ZBE-3", "20261109"),
            code: "AA",
            outcome: .accepted,
            warnings: ["zbe3-valued"]
        ),
        Row(name: "Z99 without ZBE-6", message: next("Z99").with("ZBE-6", ""), code: "AE", outcome: .quarantined, faults: ["101 ZBE-6"]),
        Row(name: "no account", message: next("A01").with("PID-18", ""), code: "AE", outcome: .quarantined, faults: ["101 PID-18"]),
        Row(
            name: "no account, where the site sends none",
            profile: "account: optional",
            message: next("A01").with("PID-18", ""),
            code: "AA",
            outcome: .accepted
        ),
    ]

    static let contents: [Row] = [
        Row(
            name: "structure",
            message: next("A01").with("MSH-9", "ADT^A01^ADT_A99"),
            code: "AA",
            outcome: .accepted,
            warnings: ["structure-mismatch"]
        ),
        Row(
            name: "code outside its table",
            before: [admission],
            message: next("A03").with("PV1-36", "DOM"),
            code: "AA",
            outcome: .accepted,
            warnings: ["code-outside-table"]
        ),
        Row(
            name: "INS key",
            message: next("A31").with([("PID-3", "\(IdentityTests.local)~\(IdentityTests.ins("248038504701288"))"), ("PID-32", "VALI")]),
            code: "AA",
            outcome: .accepted,
            warnings: ["ins-key-invalid"]
        ),
        Row(
            name: "INS of an identity that is not validated",
            message: next("A31").with([("PID-3", "\(IdentityTests.local)~\(IdentityTests.ins())"), ("PID-32", "PROV")]),
            code: "AA",
            outcome: .accepted,
            warnings: ["ins-not-validated"]
        ),
        Row(
            name: "test OID in production",
            environment: .production,
            message: next("A31").with([
                ("PID-3", "\(IdentityTests.local)~\(IdentityTests.ins())"), ("PID-32", "VALI"), ("MSH-11", "P"),
            ]),
            code: "AA",
            outcome: .accepted,
            warnings: ["ins-oid-environment"]
        ),
        Row(
            name: "far ahead",
            message: ADTMessage("A01", at: "20261201120000", control: "C2"),
            code: "AA",
            outcome: .accepted,
            warnings: ["future-date"]
        ),
        Row(
            name: "discharge before admission",
            before: [admission],
            message: ADTMessage("A03", movement: "2", at: "20261108103000", control: "C2"),
            code: "AA",
            outcome: .accepted,
            warnings: ["discharge-before-admission"]
        ),
    ]

    static let arrivals: [Row] = [
        Row(name: "cancellation of an unknown movement", message: next("A11"), code: "AA", outcome: .orphan),
        Row(name: "correction of an unknown movement", before: [admission], message: next("Z99"), code: "AA", outcome: .orphan),
        Row(name: "A03 before A01", message: next("A03"), code: "AA", outcome: .orphan),
        Row(name: "A40 with an unknown MRG", message: next("A40"), code: "AA", outcome: .orphan),
        Row(name: "exact duplicate", before: [admission], message: admission, code: "AA"),
        Row(
            name: "same movement again",
            before: [admission],
            message: ADTMessage("A01", control: "C2"),
            code: "AA",
            outcome: .accepted,
            warnings: ["movement-repeated"]
        ),
        Row(
            name: "same ZBE-1, another instant",
            before: [admission],
            message: ADTMessage("A01", at: "20261109093000", control: "C2"),
            code: "AE",
            outcome: .quarantined,
            faults: ["205 ZBE-1"]
        ),
        Row(
            name: "same ZBE-1, another trigger",
            before: [admission],
            message: ADTMessage("A04", control: "C2"),
            code: "AE",
            outcome: .quarantined,
            faults: ["205 ZBE-1"]
        ),
        Row(
            name: "same ZBE-1, another instant, where the site updates by inserting again",
            profile: "reinsert: update",
            before: [admission],
            message: ADTMessage("A01", at: "20261109093000", control: "C2"),
            code: "AA",
            outcome: .accepted,
            warnings: ["movement-repeated"]
        ),
        Row(
            name: "control id reused",
            before: [admission],
            message: ADTMessage("A31", control: "B1"),
            code: "AA",
            outcome: .accepted,
            warnings: ["control-id-reused"]
        ),
    ]

    @Test(arguments: headers + keys + contents + arrivals)
    func answers(_ row: Row) async throws {
        let station = try await Station(environment: row.environment, profile: row.profile)
        for message in row.before { _ = try await station.send(message) }
        let events = try station.events.count
        let answer = try await station.send(row.message)
        #expect(answer.code == row.code)
        #expect(answer.outcome == row.outcome)
        #expect(answer.faults == row.faults)
        #expect(answer.warnings == row.warnings)
        if row.outcome == nil { #expect(try station.events.count == events) }
        if [.quarantined, .refused, .ignored].contains(row.outcome) { #expect(try station.events.count == events + 1) }
        // In enhanced mode the same is said by the commit codes.
        let enhanced = try await Station(environment: row.environment, profile: row.profile)
        for message in row.before { _ = try await enhanced.send(message.with("MSH-15", "AL")) }
        #expect(try await enhanced.send(row.message.with("MSH-15", "AL")).code == row.code.replacing("A", with: "C", maxReplacements: 1))
    }
}
