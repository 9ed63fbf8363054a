import HL7v2
import Intake
import Pathways
import Testing

/// Health-domain §A.6: each defect seen in real feeds, and how it is borne.
struct DefectTests {
    @Test(arguments: [("UNICODE UTF-8", "8859/15"), ("", "8859/15"), ("8859/1", "8859/1"), ("UNICODE", "8859/15")])
    func `a charset label that is wrong or absent`(_ label: String, _ read: String) async throws {
        let station = try await Station()
        let text = ADTMessage("A31").with([("PID-5", "LÉGER^Zoé^^^^^L"), ("MSH-18", label)]).text
        let answer = try await station.send(text.unicodeScalars.map { UInt8(truncatingIfNeeded: $0.value) })
        #expect(answer.warnings == (label == read ? [] : ["charset-mismatch"]))
        #expect(try station.patient().identity?.birthFamilyName == "LÉGER")
        #expect(try station.last(MessageReceived.self).facts.charset == read)
    }

    @Test(arguments: ["\n", "\r\n", "\n\r"])
    func `line ends that are none of HL7`(_ end: String) async throws {
        let station = try await Station()
        let answer = try await station.send(Array(ADTMessage("A01").text.replacing("\r", with: end).utf8))
        #expect(answer.code == "AA")
        #expect(answer.warnings == ["terminators"])
    }

    @Test func `a line feed in a text is text`() async throws {
        let station = try await Station()
        let answer = try await station.send(ADTMessage("A31").with("PID-11", "3 rue\ndu Port^^CHALLANS^^85300^FRA^H"))
        #expect(answer.code == "AA")
        #expect(try station.patient().identity?.address?.line == "3 rue\ndu Port")
    }

    @Test(arguments: [("^~\\&", "^~\\\\&", true), ("|^~\\&", "#$~\\&", false)])
    func `other delimiters, and a doubled backslash`(_ usual: String, _ other: String, _ warned: Bool) async throws {
        let station = try await Station()
        var text = ADTMessage("A01").text
        if warned {
            text = text.replacing(usual, with: other)
        } else {
            text = text.replacing("|", with: "#").replacing("^", with: "$")
        }
        let answer = try await station.send(Array(text.utf8))
        #expect(answer.code == "AA")
        #expect(answer.warnings == (warned ? ["delimiters"] : []))
        #expect(try station.pathway().status == .admitted)
    }

    @Test(arguments: [("PV1-19", "PV1-20", "101 PV1-19"), ("PV1-19", "PV1-21", "101 PV1-19"), ("PID-3", "PID-4", "101 PID-3")])
    func `fields that are shifted are never guessed`(_ place: String, _ shifted: String, _ fault: String) async throws {
        let station = try await Station()
        let message = ADTMessage("A01")
        let answer = try await station.send(message.with([(shifted, message[place]), (place, "")]))
        #expect(answer.code == "AE")
        #expect(answer.faults == [fault])
    }

    @Test func `a PID-32 that is shifted leaves the identity unqualified`() async throws {
        let station = try await Station()
        let message = ADTMessage("A31").with([("PID-3", "\(IdentityTests.local)~\(IdentityTests.ins())"), ("PID-34", "VALI")])
        #expect(try await station.send(message).warnings == ["ins-not-validated"])
        #expect(try station.patient().identity?.ins == nil)
    }

    @Test func `the shifted ZBE of an official sample is quarantined with the reason`() async throws {
        let station = try await Station()
        let zbe = [
            ("ZBE-3", "20260309102840"), ("ZBE-4", ""), ("ZBE-5", "INSERT"), ("ZBE-6", "N"), ("ZBE-7", ""), ("ZBE-8", "Urgences^^^^^^UF^^^8782"),
        ]
        let answer = try await station.send(ADTMessage("A03").with(zbe))
        #expect(answer.code == "AE")
        #expect(answer.faults == ["101 ZBE-4"])
        #expect(answer.acknowledgement.errors.first?.diagnostic?.contains("shifted") == true)
    }

    @Test(arguments: ADTMessage.cancelled.keys.sorted())
    func `a cancellation that does not say what it cancels`(_ trigger: String) async throws {
        let station = try await Station()
        let original = ADTMessage.cancelled[trigger] ?? ""
        _ = try await station.send(ADTMessage("A01", movement: "0", at: "20261109080000", control: "C0"))
        _ = try await station.send(ADTMessage(original, movement: "2", control: "C2"))
        let answer = try await station.send(ADTMessage(trigger, movement: "2", control: "C3").with("ZBE-6", ""))
        #expect(answer.outcome == .accepted)
        #expect(answer.warnings == ["zbe6-derived"])
        #expect(try station.all(MovementCancelled.self).count == 1)
    }

    @Test(arguments: [
        (IdentityTests.ins("248038504701288"), "VALI", "ins-key-invalid"), (IdentityTests.ins(), "PROV", "ins-not-validated"),
        ("^^^248038504701287&1.2.250.1.213.1.4.10&ISO^INS", "VALI", "ins-malformed"),
        (IdentityTests.ins("1480385047012", "NIA"), "VALI", "ins-malformed"),
    ])
    func `an INS that cannot be trusted is dropped, and the patient known by the local number`(
        _ ins: String,
        _ reliability: String,
        _ warning: String
    ) async throws {
        let station = try await Station()
        let answer = try await station.send(ADTMessage("A01").with([("PID-3", "\(ins)~\(IdentityTests.local)"), ("PID-32", reliability)]))
        #expect(answer.code == "AA")
        #expect(answer.warnings == [warning])
        #expect(try station.patient().identity?.ins == nil)
        #expect(try station.pathway().status == .admitted)
    }

    @Test func `an INS-C announced as a billing number is not looked at`() async throws {
        let station = try await Station()
        let number = "0123456789012345678901^^^ASIP-SANTE-INS-C&1.2.250.1.213.1.4.2&ISO^NH"
        #expect(try await station.send(ADTMessage("A31").with("PID-3", "\(number)~\(IdentityTests.local)")).acknowledgement.errors.isEmpty)
    }

    @Test(arguments: [("PID-3", "101 PID-3"), ("PID-18", "101 PID-18"), ("EVN", "101 EVN")])
    func `a missing PI, dossier or EVN`(_ place: String, _ fault: String) async throws {
        let station = try await Station()
        let message = place == "EVN" ? ADTMessage("A01").without("EVN") : ADTMessage("A01").with(place, "")
        let answer = try await station.send(message)
        #expect(answer.code == "AE")
        #expect(answer.faults == [fault])
    }

    @Test func `a movement that is told or taken back after the discharge`() async throws {
        let station = try await Station()
        _ = try await station.send(ADTMessage("A01"))
        _ = try await station.send(ADTMessage("A02", movement: "2", at: "20261109090000", control: "C2").with("ZBE-7", "Bloc^^^^^^UF^^^BLOC"))
        _ = try await station.send(ADTMessage("A03", movement: "3", at: "20261109103000", control: "C3").with("ZBE-7", ""))
        #expect(try station.pathway().stay.unit?.code == "BLOC")
        let late = ADTMessage("A02", movement: "4", at: "20261109100000", control: "C4").with([("ZBE-5", "Y"), ("ZBE-7", "Soins^^^^^^UF^^^CARD")])
        #expect(try await station.send(late).outcome == .accepted)
        #expect(try station.pathway().stay.unit?.code == "CARD")
        let back = ADTMessage("A12", movement: "4", at: "20261109100000", control: "C5").with("ZBE-5", "Y")
        #expect(try await station.send(back).outcome == .accepted)
        #expect(try station.pathway().stay.unit?.code == "BLOC")
        #expect(try station.pathway().status == .discharged)
    }
}
