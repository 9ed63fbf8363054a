import EventStore
import HL7v2
import Intake
import Pathways
import Testing

/// Health-domain §A.8: what the header alone decides.
struct HeaderTests {
    struct Row: Sendable, CustomTestStringConvertible {
        var environment = DeploymentEnvironment.test
        let place: String
        let value: String
        let code: String
        var faults: [String] = []
        var outcome: MessageOutcome

        var testDescription: String { "\(place) = « \(value) » in \(environment.rawValue)" }
    }

    static let rows: [Row] = [
        Row(place: "MSH-9", value: "ORU^R01", code: "AR", faults: ["200 MSH-9"], outcome: .refused),
        Row(place: "MSH-9", value: "MDM^T02", code: "AR", faults: ["200 MSH-9"], outcome: .refused),
        Row(place: "MSH-9", value: "", code: "AR", faults: ["200 MSH-9"], outcome: .refused),
        Row(place: "MSH-9", value: "ADT", code: "AR", faults: ["201 MSH-9"], outcome: .refused),
        Row(place: "MSH-12", value: "2.2", code: "AR", faults: ["203 MSH-12"], outcome: .refused),
        Row(place: "MSH-12", value: "2.7", code: "AR", faults: ["203 MSH-12"], outcome: .refused),
        Row(place: "MSH-12", value: "", code: "AR", faults: ["203 MSH-12"], outcome: .refused),
        Row(place: "MSH-12", value: "2.3", code: "AA", outcome: .accepted),
        Row(place: "MSH-12", value: "2.3.1", code: "AA", outcome: .accepted),
        Row(place: "MSH-12", value: "2.6", code: "AA", outcome: .accepted),
        Row(place: "MSH-11", value: "P", code: "AR", faults: ["202 MSH-11"], outcome: .refused),
        Row(place: "MSH-11", value: "", code: "AR", faults: ["202 MSH-11"], outcome: .refused),
        Row(place: "MSH-11", value: "D", code: "AA", outcome: .accepted),
        Row(environment: .production, place: "MSH-11", value: "P", code: "AA", outcome: .accepted),
        Row(environment: .production, place: "MSH-11", value: "T", code: "AR", faults: ["202 MSH-11"], outcome: .refused),
        Row(environment: .production, place: "MSH-11", value: "D", code: "AR", faults: ["202 MSH-11"], outcome: .refused),
        Row(place: "MSH-10", value: "", code: "AE", faults: ["101 MSH-10"], outcome: .quarantined),
    ]

    @Test(arguments: rows)
    func decides(_ row: Row) async throws {
        let station = try await Station(environment: row.environment)
        let answer = try await station.send(ADTMessage("A01").with(row.place, row.value))
        #expect(answer.code == row.code)
        #expect(answer.faults == row.faults)
        #expect(answer.outcome == row.outcome)
        let event = try station.last(MessageReceived.self)
        #expect(event.outcome == row.outcome)
        #expect(event.acknowledgement == row.code)
        #expect(try station.kinds.contains("patient-admitted") == (row.outcome == .accepted))
    }

    @Test func `an unknown sender is taken in a test environment, and remarked`() async throws {
        let station = try await Station()
        let answer = try await station.send(ADTMessage("A01").with("MSH-4", "NOWHERE"))
        #expect(answer.code == "AA")
        #expect(answer.warnings == ["unknown-sender"])
        #expect(try station.events.allSatisfy { $0.source == "urn:hl7:NOWHERE" })
    }

    @Test func `an unknown sender is quarantined in production`() async throws {
        let station = try await Station(environment: .production)
        let answer = try await station.send(ADTMessage("A01").with([("MSH-11", "P"), ("MSH-3", "OTHER")]))
        #expect(answer.code == "AE")
        #expect(answer.faults == ["103 MSH-4"])
        #expect(try station.kinds == ["message-received"])
    }

    @Test(arguments: ["", "PID|1\r", "MSH", "MSH|", "MSHA^~\\&|X\r", "\u{0B}\u{1C}\r", "MSH||||\r"])
    func `a frame without a readable header is not answered`(_ text: String) async throws {
        let station = try await Station()
        let reply = await station.intake.receive(Array(text.utf8))
        guard case .noAnswer(.unreadable) = reply else {
            Issue.record("answered: \(reply)")
            return
        }
        #expect(try station.kinds.isEmpty)
        #expect(station.observations.all.map(\.event) == [.unreadable])
    }

    @Test func `a frame too large to keep is not answered`() async throws {
        let station = try await Station()
        let reply = await station.intake.receive([UInt8](repeating: 0x41, count: HL7Intake.frameLimit + 1))
        #expect(reply == .noAnswer(.oversized(limit: HL7Intake.frameLimit)))
    }

    @Test func `the answer goes back to the sender, under an id and time of ours`() async throws {
        let station = try await Station()
        let first = try await station.send(ADTMessage("A01"))
        let second = try await station.send(ADTMessage("A03", movement: "2", at: "20261109093000", control: "C2"))
        let header = first.message.header
        #expect(header.sendingApplication.namespaceID.text == "RELAIS")
        #expect(header.sendingFacility.namespaceID.text == "CPTS")
        #expect(header.receivingApplication.namespaceID.text == "SIMHOSP")
        #expect(header.receivingFacility.namespaceID.text == "CHT")
        #expect(header.timestamp?.instant == Station.now)
        #expect(first.acknowledgement.controlID == "C1")
        let ids = [first, second].compactMap(\.message.header.controlID)
        #expect(ids.allSatisfy { $0.count == 20 })
        #expect(Set(ids).count == 2)
        #expect(ids == ids.sorted())
    }
}
