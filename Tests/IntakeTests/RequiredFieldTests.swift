import HL7v2
import Intake
import Pathways
import Testing
import Timekeeping

/// Health-domain §A.6 and §A.8: keys that must be there, and the movement segment.
struct RequiredFieldTests {
    struct Row: Sendable, CustomTestStringConvertible {
        var trigger = "A01"
        let changes: [(String, String)]
        let faults: [String]
        var testDescription: String { "\(trigger) \(changes.map { "\($0.0) = « \($0.1) »" }.joined(separator: ", "))" }
    }

    static let rows: [Row] = [
        Row(changes: [("PID-3", "")], faults: ["101 PID-3"]),
        Row(changes: [("PID-3", "X^^^CHT&850099995&N^NDP")], faults: ["101 PID-3"]),
        Row(changes: [("PID-3", "\"\"^^^CHT&850099995&N^PI")], faults: ["101 PID-3"]),
        Row(changes: [("PID-3", "P1^^^^PI"), ("MSH-4", "")], faults: ["101 PID-3"]),
        Row(changes: [("PID-18", "")], faults: ["101 PID-18"]),
        Row(changes: [("PV1-19", "")], faults: ["101 PV1-19"]),
        Row(changes: [("PV1-19", ""), ("PV1-20", "V1^^^CHT&850099995&N^VN")], faults: ["101 PV1-19"]),
        Row(changes: [("ZBE-1", "")], faults: ["101 ZBE-1"]),
        Row(changes: [("ZBE-2", "")], faults: ["101 ZBE-2"]),
        Row(changes: [("ZBE-2", "09/11/2026")], faults: ["102 ZBE-2"]),
        Row(changes: [("ZBE-2", "202611")], faults: ["102 ZBE-2"]),
        Row(changes: [("ZBE-4", "")], faults: ["101 ZBE-4"]),
        Row(changes: [("ZBE-4", "DELETE")], faults: ["103 ZBE-4"]),
        Row(changes: [("ZBE-4", "REFERENCE")], faults: ["103 ZBE-4"]),
        Row(changes: [("ZBE-4", "UPDATE")], faults: ["103 ZBE-4"]),
        Row(changes: [("ZBE-4", "CANCEL")], faults: ["103 ZBE-4"]),
        Row(trigger: "A02", changes: [("ZBE-4", "UPDATE")], faults: ["103 ZBE-4"]),
        Row(trigger: "A11", changes: [("ZBE-4", "INSERT")], faults: ["103 ZBE-4"]),
        Row(trigger: "A13", changes: [("ZBE-4", "UPDATE")], faults: ["103 ZBE-4"]),
        Row(trigger: "A13", changes: [("ZBE-1", "")], faults: ["101 ZBE-1"]),
        Row(trigger: "A06", changes: [("ZBE-4", "UPDATE")], faults: ["103 ZBE-4"]),
        Row(trigger: "Z99", changes: [("ZBE-4", "INSERT")], faults: ["103 ZBE-4"]),
        Row(trigger: "Z99", changes: [("ZBE-6", "")], faults: ["101 ZBE-6"]),
        Row(trigger: "Z99", changes: [("ZBE-6", "A11")], faults: ["103 ZBE-6"]),
        Row(trigger: "A31", changes: [("PID-3", "")], faults: ["101 PID-3"]),
        Row(trigger: "A40", changes: [("MRG-1", "")], faults: ["101 MRG-1"]),
        Row(trigger: "A40", changes: [("MRG-1", ADTMessage.patient("P1"))], faults: ["205 MRG-1"]),
        Row(trigger: "A47", changes: [("MRG-1", "")], faults: ["101 MRG-1"]),
        Row(trigger: "A44", changes: [("MRG-1", "")], faults: ["101 MRG-1"]),
        Row(trigger: "A44", changes: [("MRG-1", ADTMessage.patient("P1"))], faults: ["205 MRG-1"]),
        Row(trigger: "A44", changes: [("PID-18", "")], faults: ["101 PID-18"]),
        Row(
            changes: [("PID-3", ""), ("PID-18", ""), ("PV1-19", ""), ("ZBE-1", "")],
            faults: ["101 PID-3", "101 PID-18", "101 PV1-19", "101 ZBE-1"]
        ),
    ]

    @Test(arguments: rows)
    func quarantines(_ row: Row) async throws {
        let station = try await Station()
        let answer = try await station.send(ADTMessage(row.trigger).with(row.changes))
        #expect(answer.code == "AE")
        #expect(answer.faults == row.faults)
        #expect(try station.kinds == ["message-received"])
        let event = try station.last(MessageReceived.self)
        #expect(event.outcome == .quarantined)
        #expect(event.errors.count == row.faults.count)
    }

    @Test(arguments: [("EVN", "101 EVN"), ("PID", "101 PID-3"), ("PV1", "101 PV1-19"), ("ZBE", "101 ZBE")])
    func `a missing segment is a fault`(_ segment: String, _ fault: String) async throws {
        let station = try await Station()
        let answer = try await station.send(ADTMessage("A03").without(segment))
        #expect(answer.code == "AE")
        #expect(answer.faults.contains(fault))
        #expect(try station.kinds == ["message-received"])
    }

    @Test func `a location is written as HL7 wants it`() async throws {
        let station = try await Station()
        let answer = try await station.send(ADTMessage("A01").with("PID-3", ""))
        let error = try #require(answer.message.segment("ERR"))
        #expect(error.field(2).raw == "PID^1^3")
        #expect(error.field(3).component(1).text == "101")
        #expect(error.field(4).text == "E")
    }

    @Test func `a shifted movement segment is refused with the reason, not guessed`() async throws {
        let station = try await Station()
        let shifted = ADTMessage("A03").with([("ZBE-3", "20261109102840"), ("ZBE-4", ""), ("ZBE-5", "INSERT"), ("ZBE-6", "N"), ("ZBE-7", "")])
        let answer = try await station.send(shifted)
        #expect(answer.code == "AE")
        #expect(answer.faults == ["101 ZBE-4"])
        #expect(answer.acknowledgement.errors.first?.diagnostic?.contains("shifted") == true)
        #expect(answer.warnings == ["zbe3-valued"])
        #expect(try station.kinds == ["message-received"])
    }

    @Test func `ZBE-3 valued is remarked`() async throws {
        let station = try await Station()
        let answer = try await station.send(ADTMessage("A01").with("ZBE-3", "20261109093000"))
        #expect(answer.code == "AA")
        #expect(answer.warnings == ["zbe3-valued"])
    }

    @Test func `a cancellation that does not say what it cancels is derived from its trigger`() async throws {
        let station = try await Station()
        _ = try await station.send(ADTMessage("A01"))
        let answer = try await station.send(ADTMessage("A11", control: "C2").with("ZBE-6", ""))
        #expect(answer.code == "AA")
        #expect(answer.warnings == ["zbe6-derived"])
        #expect(try station.pathway().status == .cancelled)
    }

    @Test func `an EVN-2 that is missing is taken from MSH-7`() async throws {
        let station = try await Station()
        let answer = try await station.send(ADTMessage("A01").with([("EVN-2", ""), ("EVN-6", "20261109083000")]))
        #expect(answer.acknowledgement.errors.isEmpty)
        #expect(try station.last(PatientAdmitted.self).movement.statement.recordedAt.rfc3339 == "2026-11-09T08:31:00+01:00")
    }

    @Test func `a site may number no visits`() async throws {
        let station = try await Station(profile: "account: is-visit")
        let answer = try await station.send(ADTMessage("A01").with("PV1-19", ""))
        #expect(answer.code == "AA")
        #expect(try station.pathway(visit: "N1").status == .admitted)
        let nothing = try await station.send(ADTMessage("A01", control: "C2").with([("PV1-19", ""), ("PID-18", "")]))
        #expect(nothing.faults == ["101 PID-18"])
    }

    @Test func `a site may send no account`() async throws {
        let station = try await Station(profile: "account: optional")
        #expect(try await station.send(ADTMessage("A01").with("PID-18", "")).code == "AA")
    }
}
