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
        Movement(trigger: "A05", event: "stay-planned"), Movement(trigger: "A14", event: "admission-announced"),
    ]

    static let continuations = [
        Movement(trigger: "A02", event: "patient-transferred"), Movement(trigger: "A03", event: "patient-discharged"),
        Movement(trigger: "A06", event: "class-changed"), Movement(trigger: "A07", event: "class-changed"),
        Movement(trigger: "A15", event: "transfer-announced"), Movement(trigger: "A16", event: "discharge-announced"),
        Movement(trigger: "A21", event: "leave-started"), Movement(trigger: "A22", event: "leave-ended"),
        Movement(trigger: "A54", event: "attending-changed"),
    ]

    @Test(arguments: beginnings)
    func beginsAVisit(_ movement: Movement) async throws {
        let station = try await Station()
        let answer = try await station.send(ADTMessage(movement.trigger))
        #expect(answer.code == "AA")
        #expect(answer.outcome == .accepted)
        #expect(answer.acknowledgement.errors.isEmpty)
        #expect(try station.kinds == ["message-received", "patient-identified", "visit-registered", movement.event])
    }

    @Test(arguments: continuations)
    func continuesAVisit(_ movement: Movement) async throws {
        let station = try await Station()
        _ = try await station.send(ADTMessage("A01"))
        let message = ADTMessage(movement.trigger, movement: "2", at: "20261109103000", control: "C2")
        let answer = try await station.send(message)
        #expect(answer.outcome == .accepted)
        #expect(answer.acknowledgement.errors.isEmpty)
        #expect(try station.kinds.suffix(3) == ["message-received", "patient-identified", movement.event])
        // The same story told backwards ends the same.
        let backwards = try await Station()
        #expect(try await backwards.send(message).outcome == .orphan)
        #expect(try await backwards.send(ADTMessage("A01")).outcome == .accepted)
        #expect(try backwards.pathway().stay == station.pathway().stay)
    }

    @Test(arguments: ADTMessage.cancelled.sorted { $0.key < $1.key }.map { [$0.key, $0.value] } + [["A11", "A04"]])
    func takesBack(_ codes: [String]) async throws {
        let (cancel, original) = (codes[0], codes[1])
        let isBeginning = Self.beginnings.contains { $0.trigger == original }
        let first = isBeginning ? nil : ADTMessage("A01", movement: "0", control: "C0")
        let inserted = ADTMessage(original, movement: "2", at: "20261109103000", control: "C2")
        let cancellation = ADTMessage(cancel, movement: "2", at: "20261109103000", control: "C3").with("ZBE-6", original)
        var without = Pathway()
        if let first {
            let plain = try await Station()
            _ = try await plain.send(first)
            without = try plain.pathway()
        }
        for order in [[inserted, cancellation], [cancellation, inserted]] {
            let station = try await Station()
            if let first { _ = try await station.send(first) }
            let outcomes = [try await station.send(order[0]).outcome, try await station.send(order[1]).outcome]
            #expect(outcomes == [order[0].text == cancellation.text ? .orphan : .accepted, .accepted])
            #expect(try station.all(MovementCancelled.self).count == 1)
            #expect(try station.pathway().status == (first == nil ? .cancelled : without.status))
            #expect(try station.pathway().stay.dischargedAt == nil)
        }
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

    @Test(arguments: ["A09", "A10", "A32", "A33", "A24", "A37", "A99", "X"])
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

    @Test(arguments: ["A52", "A53"], ["ADT_A52", "ADT_A21"])
    func `a leave that is taken back may come in either structure`(_ trigger: String, _ structure: String) async throws {
        let station = try await Station()
        _ = try await station.send(ADTMessage("A01"))
        let answer = try await station.send(ADTMessage(trigger, movement: "2", control: "C2").with("MSH-9", "ADT^\(trigger)^\(structure)"))
        #expect(answer.warnings.isEmpty)
    }

    @Test func `an absent MSH-9_3 and an equal EVN-1 are no defect`() async throws {
        let station = try await Station()
        let answer = try await station.send(ADTMessage("A01").with([("MSH-9", "ADT^A01"), ("EVN-1", "A01")]))
        #expect(answer.acknowledgement.errors.isEmpty)
    }
}
