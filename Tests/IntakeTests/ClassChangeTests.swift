import HL7v2
import Intake
import Pathways
import Testing

/// Health-domain §A.4: the matrix of A06 and A07, inserted and taken back.
struct ClassChangeTests {
    /// (from, to, trigger).
    static let matrix = [
        ("E", "I", "A06"), ("E", "R", "A06"), ("E", "O", "A07"), ("I", "E", "A07"), ("I", "R", "A06"), ("I", "O", "A07"), ("R", "E", "A07"),
        ("R", "I", "A06"), ("R", "O", "A07"), ("O", "E", "A07"), ("O", "I", "A06"), ("O", "R", "A06"), ("N", "E", "A07"), ("N", "I", "A06"),
        ("N", "R", "A06"), ("N", "O", "A07"),
    ]

    @Test(arguments: matrix)
    func `every change of the matrix, and its opposite code to take it back`(_ from: String, _ to: String, _ trigger: String) async throws {
        let station = try await Station()
        let begin = ["I", "R"].contains(from) ? "A01" : "A04"
        _ = try await station.send(ADTMessage(begin).with("PV1-2", from))
        let before = try station.pathway().stay
        let change = ADTMessage(trigger, movement: "2", at: "20261109103000", control: "C2").with("PV1-2", to)
        #expect(try await station.send(change).acknowledgement.errors.isEmpty)
        #expect(try station.pathway().stay.patientClass?.rawValue == to)
        #expect(try station.pathway().stay.isEmergencyVisit == !["I", "R"].contains(to))

        let opposite = trigger == "A06" ? "A07" : "A06"
        let back = ADTMessage(opposite, movement: "2", at: "20261109103000", control: "C3").with("PV1-2", from).cancelling(trigger)
        let answer = try await station.send(back)
        #expect(answer.outcome == .accepted)
        #expect(answer.acknowledgement.errors.isEmpty)
        #expect(try station.pathway().stay == before)
    }

    @Test(arguments: [("A06", "O"), ("A06", "E"), ("A06", "N"), ("A07", "I"), ("A07", "R"), ("A07", "N"), ("A06", "W")])
    func `a class that the trigger does not lead to is remarked`(_ trigger: String, _ code: String) async throws {
        let station = try await Station()
        _ = try await station.send(ADTMessage("A01"))
        let answer = try await station.send(ADTMessage(trigger, movement: "2", at: "20261109103000", control: "C2").with("PV1-2", code))
        #expect(answer.code == "AA")
        #expect(answer.receipt.warnings == [IntakeWarning(.codeOutsideTable, at: "PV1-2")])
    }

    @Test func `a class to which no change can lead back is remarked`() async throws {
        let station = try await Station()
        _ = try await station.send(ADTMessage("A01"))
        _ = try await station.send(ADTMessage("A06", movement: "2", at: "20261109103000", control: "C2"))
        let back = ADTMessage("A07", movement: "2", at: "20261109103000", control: "C3").with("PV1-2", "V").cancelling("A06")
        #expect(try await station.send(back).warnings == ["code-outside-table"])
    }

    @Test func `a change without a class means what its trigger says`() async throws {
        let station = try await Station()
        _ = try await station.send(ADTMessage("A04"))
        let answer = try await station.send(ADTMessage("A06", movement: "2", at: "20261109103000", control: "C2").with("PV1-2", ""))
        #expect(answer.warnings == ["code-outside-table"])
        #expect(try !station.pathway().stay.isEmergencyVisit)
    }

    @Test func `a change that does not say what it takes back is derived from its trigger`() async throws {
        let station = try await Station()
        _ = try await station.send(ADTMessage("A04"))
        _ = try await station.send(ADTMessage("A06", movement: "2", at: "20261109103000", control: "C2"))
        let back = ADTMessage("A07", movement: "2", at: "20261109103000", control: "C3").with([("PV1-2", "E"), ("ZBE-4", "CANCEL")])
        #expect(try await station.send(back).warnings == ["zbe6-derived"])
        #expect(try station.pathway().stay.isEmergencyVisit)
    }
}
