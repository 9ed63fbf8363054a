import HL7v2
import Intake
import Pathways
import Testing
import Timekeeping

/// What the movements of the optional transactions say beside their time: when something is expected, and who is responsible.
struct AnnouncementTests {
    private static let noon = "2026-11-12T12:00:00+01:00"

    @Test(arguments: [("EVN-3", ""), ("PV2-9", ""), ("EVN-3", "20261213")])
    func `A16 tells the planned discharge in EVN-3, else in PV2-9`(_ place: String, _ other: String) async throws {
        let station = try await Station()
        _ = try await station.send(ADTMessage("A01"))
        let announcement = ADTMessage("A16", movement: "2", at: "20261109103000", control: "C2").with([("PV2-9", other), (place, "20261112120000")])
        #expect(try await station.send(announcement).acknowledgement.errors.isEmpty)
        #expect(try station.last(DischargeAnnounced.self).movement.expectedAt?.rfc3339 == Self.noon)
        #expect(try station.pathway().stay.plannedDischargeAt?.rfc3339 == Self.noon)
        _ = try await station.send(ADTMessage("A25", movement: "2", at: "20261109103000", control: "C3"))
        #expect(try station.pathway().stay.plannedDischargeAt == nil)
    }

    @Test(arguments: ["A05", "A14"])
    func `an admission to come says when`(_ trigger: String) async throws {
        let station = try await Station()
        #expect(try await station.send(ADTMessage(trigger).with("PV2-8", "20261112120000")).acknowledgement.errors.isEmpty)
        #expect(try station.pathway().stay.plannedAdmissionAt?.rfc3339 == Self.noon)
        #expect(try station.pathway().status == .preadmitted)
    }

    @Test func `a leave suspends the stay until the return, and says when that is`() async throws {
        let station = try await Station()
        _ = try await station.send(ADTMessage("A01"))
        let leave = ADTMessage("A21", movement: "2", at: "20261109103000", control: "C2").with("PV2-47", "20261112120000")
        #expect(try await station.send(leave).acknowledgement.errors.isEmpty)
        #expect(try station.pathway().status == .onLeave)
        #expect(try station.pathway().stay.returnExpectedAt?.rfc3339 == Self.noon)
        _ = try await station.send(ADTMessage("A22", movement: "3", at: "20261109113000", control: "C3"))
        #expect(try station.pathway().status == .admitted)
    }

    @Test func `A54 changes the doctor who is responsible, and A55 takes that back`() async throws {
        let station = try await Station()
        let doctor = "99999000021^PRAUD^Antoine^^^^^^ASIP-SANTE-PS&1.2.250.1.71.4.2.1&ISO^D^^^RPPS"
        _ = try await station.send(ADTMessage("A01"))
        _ = try await station.send(ADTMessage("A54", movement: "2", at: "20261109103000", control: "C2").with("PV1-7", doctor))
        #expect(try station.pathway().stay.attending == "99999000021")
        _ = try await station.send(ADTMessage("A55", movement: "2", at: "20261109103000", control: "C3"))
        #expect(try station.pathway().stay.attending == nil)
    }

    @Test func `hospital at home is told by PV1-21`() async throws {
        let station = try await Station()
        _ = try await station.send(ADTMessage("A01").with("PV1-21", "06"))
        #expect(try station.pathway().stay.isHAD)
    }

    @Test(arguments: [("Y", true), ("N", false), ("", nil), ("X", nil)])
    func `ZFD-3 says whether the patient may be reached by SMS`(_ code: String, _ accepts: Bool?) async throws {
        let station = try await Station()
        let answer = try await station.send(ADTMessage("A31").with("ZFD-3", code))
        #expect(answer.warnings == (code == "X" ? ["code-outside-table"] : []))
        #expect(try station.patient().identity?.acceptsSMS == accepts)
    }
}
