import HL7v2
import Intake
import Pathways
import Testing

/// Health-domain §A.2: what each trigger event becomes.
struct TriggerTests {
    struct Movement: Sendable, CustomTestStringConvertible {
        let trigger: String
        let event: String
        var testDescription: String { trigger }
    }

    static let beginnings = [
        Movement(trigger: "A01", event: "patient-admitted"), Movement(trigger: "A04", event: "emergency-visit-registered"),
        Movement(trigger: "A05", event: "stay-planned"),
    ]

    static let continuations = [
        Movement(trigger: "A02", event: "patient-transferred"), Movement(trigger: "A03", event: "patient-discharged"),
    ]

    @Test(arguments: beginnings)
    func beginsAVisit(_ movement: Movement) async throws {
        let station = try await Station()
        let answer = try await station.send(ADTMessage(movement.trigger))
        #expect(answer.code == "AA")
        #expect(answer.outcome == .accepted)
        #expect(answer.acknowledgement.errors.isEmpty)
        #expect(try station.kinds == ["message-received", "patient-identified", movement.event])
    }

    @Test(arguments: continuations)
    func continuesAVisit(_ movement: Movement) async throws {
        let station = try await Station()
        _ = try await station.send(ADTMessage("A01"))
        let answer = try await station.send(ADTMessage(movement.trigger, movement: "2", at: "20261109103000", control: "C2"))
        #expect(answer.outcome == .accepted)
        #expect(try station.kinds.suffix(2) == ["message-received", movement.event])
    }

    @Test(arguments: ["A01", "A04"])
    func `A11 takes back an admission and an emergency visit`(_ trigger: String) async throws {
        let station = try await Station()
        _ = try await station.send(ADTMessage(trigger))
        let answer = try await station.send(ADTMessage("A11", control: "C2").with("ZBE-6", trigger))
        #expect(answer.outcome == .accepted)
        #expect(answer.warnings.isEmpty)
        #expect(try station.last(MovementCancelled.self).kind == (trigger == "A01" ? .admission : .emergencyVisit))
        #expect(try station.pathway().status == .cancelled)
    }

    @Test func `A13 takes back a discharge`() async throws {
        let station = try await Station()
        _ = try await station.send(ADTMessage("A01"))
        _ = try await station.send(ADTMessage("A03", movement: "2", at: "20261109103000", control: "C2"))
        #expect(try station.pathway().status == .discharged)
        let answer = try await station.send(ADTMessage("A13", movement: "2", at: "20261109103000", control: "C3"))
        #expect(answer.outcome == .accepted)
        #expect(try station.last(MovementCancelled.self).kind == .discharge)
        #expect(try station.pathway().status == .admitted)
    }

    @Test(arguments: ["A28", "A31"])
    func `an identity message states a patient and no visit`(_ trigger: String) async throws {
        let station = try await Station()
        let answer = try await station.send(ADTMessage(trigger).with("PID-18", ""))
        #expect(answer.code == "AA")
        #expect(answer.acknowledgement.errors.isEmpty)
        #expect(try station.kinds == ["message-received", "patient-identified"])
        #expect(try station.patient().identity?.birthFamilyName == "DURAND")
    }

    @Test func `A08 is read as A31 and remarked`() async throws {
        let station = try await Station()
        let answer = try await station.send(ADTMessage("A08"))
        #expect(answer.code == "AA")
        #expect(answer.warnings == ["non-conformant-trigger"])
        #expect(try station.kinds == ["message-received", "patient-identified"])
    }

    @Test(arguments: [
        "A06", "A07", "A09", "A10", "A12", "A14", "A15", "A16", "A21", "A22", "A25", "A26", "A27", "A38", "A40", "A44", "A47", "A52", "A53",
        "A54", "A55", "Z99", "A99", "X",
    ])
    func `other triggers are answered and without effect`(_ trigger: String) async throws {
        let station = try await Station()
        let answer = try await station.send(ADTMessage(trigger))
        #expect(answer.code == "AA")
        #expect(answer.outcome == .ignored)
        #expect(try station.kinds == ["message-received"])
        #expect(try station.last(MessageReceived.self).outcome == .ignored)
    }

    @Test(arguments: ["I", "R", "W"])
    func `an A04 of a class of stay is no stay all the same`(_ code: String) async throws {
        let station = try await Station()
        let answer = try await station.send(ADTMessage("A04").with("PV1-2", code))
        #expect(answer.warnings == ["code-outside-table"])
        #expect(try station.pathway().stay.isEmergencyVisit)
    }

    @Test(arguments: ["I", "R", "O", "E", "N"])
    func `an A01 of any class is a stay`(_ code: String) async throws {
        let station = try await Station()
        let answer = try await station.send(ADTMessage("A01").with("PV1-2", code))
        #expect(answer.warnings.isEmpty)
        #expect(try station.pathway().stay.status == .admitted)
        #expect(try !station.pathway().stay.isEmergencyVisit)
    }

    @Test(arguments: [("MSH-9", "ADT^A01^ADT_A05", "structure-mismatch"), ("EVN-1", "A04", "evn1-mismatch")])
    func `a trigger told differently elsewhere is remarked, and MSH-9 counts`(_ place: String, _ value: String, _ warning: String) async throws {
        let station = try await Station()
        let answer = try await station.send(ADTMessage("A01").with(place, value))
        #expect(answer.code == "AA")
        #expect(answer.warnings == [warning])
        #expect(try station.kinds.last == "patient-admitted")
    }

    @Test func `an absent MSH-9_3 and an equal EVN-1 are no defect`() async throws {
        let station = try await Station()
        let answer = try await station.send(ADTMessage("A01").with([("MSH-9", "ADT^A01"), ("EVN-1", "A01")]))
        #expect(answer.acknowledgement.errors.isEmpty)
    }
}
