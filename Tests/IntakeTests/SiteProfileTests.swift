import HL7v2
import Intake
import Pathways
import Testing
import Timekeeping

/// What was agreed with a sender, applied (health-domain §A.6, §A.8).
struct SiteProfileTests {
    private static let message = ADTMessage("A01")

    @Test func `the agreed character set counts where MSH-18 is wrong`() async throws {
        let station = try await Station(profile: "charset: 8859/1")
        let text = ADTMessage("A31").with([("PID-5", "¤URO^Zoé^^^^^L"), ("MSH-18", "UNICODE UTF-8")]).text
        let answer = try await station.send(text.unicodeScalars.map { UInt8(truncatingIfNeeded: $0.value) })
        #expect(answer.acknowledgement.errors.isEmpty)
        // The byte A4 is ¤ in 8859/1, and € in 8859/15.
        #expect(try station.patient().identity?.birthFamilyName == "¤URO")
        let utf8 = ADTMessage("A31", control: "C2").recorded("20261109090000").with("PID-5", "€URO^Zoé^^^^^L")
        _ = try await station.send(utf8)
        #expect(try station.patient().identity?.birthFamilyName == "€URO")
    }

    @Test func `what a sender shifts is moved back`() async throws {
        let station = try await Station(profile: "shifts: [{segment: ZBE, field: 4, by: 1}, {segment: PV1, field: 19, by: 2}]")
        let shifted = Self.message.with([
            ("ZBE-4", ""), ("ZBE-5", "INSERT"), ("ZBE-6", "Y"), ("ZBE-7", ""), ("ZBE-8", "Chirurgie^^^^^CHT&850099995&N^UF^^^CHIR"), ("PV1-19", ""),
            ("PV1-21", "V1^^^CHT&850099995&N^VN"),
        ])
        let answer = try await station.send(shifted)
        #expect(answer.code == "AA")
        #expect(answer.acknowledgement.errors.isEmpty)
        let movement = try station.last(PatientAdmitted.self).movement
        #expect(movement.historic)
        #expect(movement.unit?.code == "CHIR")
        #expect(try station.pathway(visit: "V1").status == .admitted)
    }

    @Test func `authorities have one name, however they are written`() async throws {
        let station = try await Station(
            profile: "authorities: [{written: CHT, kept: \"850099995\"}, {written: \"1.2.3.4\", kept: \"850099995\"}]"
        )
        let other = Self.message.with([
            ("PID-3", "P1^^^&1.2.3.4&ISO^PI"), ("PID-18", "N1^^^CHT^AN"), ("PV1-19", "V1^^^CHT^VN"), ("ZBE-1", "1^CHT"),
            ("ZBE-7", "X^^^^^CHT^UF^^^CHIR"),
        ])
        _ = try await station.send(other)
        _ = try await station.send(ADTMessage("A03", movement: "2", at: "20261109103000", control: "C2"))
        let pathway = try station.pathway()
        #expect(pathway.status == .discharged)
        #expect(pathway.reference?.patient == LocalIdentifier(authority: "850099995", value: "P1"))
        #expect(pathway.stay.unit?.authority == "850099995")
        let repeated = try await station.send(ADTMessage("A01", control: "C3"))
        #expect(repeated.warnings == ["movement-repeated"])
    }

    // MARK: - Lenient ZBE

    private static let times: [(changes: [(String, String)], read: String)] = [
        ([("EVN-6", "20261109070000"), ("PV1-44", "20261109060000")], "2026-11-09T07:00:00+01:00"),
        ([("PV1-44", "20261109060000")], "2026-11-09T06:00:00+01:00"), ([], "2026-11-09T08:30:00+01:00"),
    ]

    @Test(arguments: times)
    func `a time that ZBE-2 does not tell is that of EVN-6, PV1-44, EVN-2`(_ changes: [(String, String)], _ read: String) async throws {
        let station = try await Station(profile: "zbe: lenient")
        let answer = try await station.send(Self.message.with("ZBE-2", "").with(changes))
        #expect(answer.receipt.warnings == [IntakeWarning(IntakeWarning.Code(rawValue: "zbe-derived"), at: "ZBE-2")])
        #expect(try station.last(PatientAdmitted.self).movement.effectiveAt.rfc3339 == read)
    }

    @Test func `a discharge is at PV1-45`() async throws {
        let station = try await Station(profile: "zbe: lenient")
        _ = try await station.send(Self.message)
        let discharge = ADTMessage("A03", movement: "2", control: "C2").with([
            ("ZBE-2", ""), ("PV1-44", "20261109060000"), ("PV1-45", "20261109110000"),
        ])
        _ = try await station.send(discharge)
        #expect(try station.pathway().stay.dischargedAt?.rfc3339 == "2026-11-09T11:00:00+01:00")
    }

    @Test func `a time that nothing tells, or that is no time, stays a fault`() async throws {
        let station = try await Station(profile: "zbe: lenient")
        let silent = Self.message.with([("ZBE-2", ""), ("EVN-2", "")])
        #expect(try await station.send(silent).faults == ["101 ZBE-2"])
        #expect(try await station.send(Self.message.with([("ZBE-2", "soon"), ("MSH-10", "C2")])).faults == ["102 ZBE-2"])
    }

    @Test func `movements without any ZBE are told, told again, corrected and taken back`() async throws {
        let station = try await Station(profile: "zbe: lenient")
        let discharge = ADTMessage("A03", control: "C2").with("EVN-6", "20261109103000").without("ZBE")
        _ = try await station.send(Self.message.without("ZBE"))
        #expect(try await station.send(discharge).outcome == .accepted)
        #expect(try await station.send(discharge.with("MSH-10", "C3")).warnings.contains("movement-repeated"))
        #expect(try station.pathway().status == .discharged)
        let back = ADTMessage("A13", control: "C4").with("EVN-6", "20261109103000").without("ZBE")
        let answer = try await station.send(back)
        #expect(answer.outcome == .accepted)
        #expect(answer.warnings == ["zbe-derived", "zbe6-derived"])
        #expect(try station.pathway().status == .admitted)
    }

    @Test(arguments: [("A01", "INSERT"), ("A11", "CANCEL"), ("Z99", "UPDATE"), ("A06", "INSERT")])
    func `an action that ZBE-4 does not tell is that of the trigger`(_ trigger: String, _ action: String) async throws {
        let message = ADTMessage(trigger).with("ZBE-4", "")
        let lenient = try await Station(profile: "zbe: lenient")
        #expect(try await lenient.send(message).warnings == ["zbe-derived"])
        let strict = try await Station()
        _ = try await strict.send(message.with("ZBE-4", action))
        #expect(try lenient.kinds == strict.kinds)
    }

    @Test(arguments: [("DELETE", "103 ZBE-4"), ("UPDATE", "103 ZBE-4")])
    func `an action that is wrong is a fault all the same`(_ action: String, _ fault: String) async throws {
        let station = try await Station(profile: "zbe: lenient")
        #expect(try await station.send(Self.message.with("ZBE-4", action)).faults == [fault])
    }

    // MARK: - Update by inserting again

    @Test func `an INSERT of a known movement corrects it, and of a held one too`() async throws {
        let station = try await Station(profile: "reinsert: update")
        let early = ADTMessage("A03", movement: "2", at: "20261109103000", control: "C2")
        let again = ADTMessage("A03", movement: "2", at: "20261109113000", control: "C3").recorded("20261109120000")
        #expect(try await station.send(early).outcome == .orphan)
        #expect(try await station.send(again).outcome == .orphan)
        _ = try await station.send(Self.message)
        #expect(try station.pathway().stay.dischargedAt?.rfc3339 == "2026-11-09T11:30:00+01:00")

        let backwards = try await Station(profile: "reinsert: update")
        for message in [again, early, Self.message] { _ = try await backwards.send(message) }
        #expect(try backwards.pathway().stay == station.pathway().stay)
    }

    @Test func `an INSERT of another trigger changes what the movement is`() async throws {
        let station = try await Station(profile: "reinsert: update")
        _ = try await station.send(ADTMessage("A04"))
        let answer = try await station.send(ADTMessage("A01", control: "C2").recorded("20261109120000"))
        #expect(answer.warnings == ["movement-repeated"])
        #expect(try !station.pathway().stay.isEmergencyVisit)
    }

    // MARK: - Local codes

    private static let codes = """
        dispositions:
          - {code: EHP, destination: ehpad}
          - {code: SSR, destination: smr}
          - {code: DOM, destination: home}
          - {code: FUG, destination: against-advice}
          - {code: DCD, destination: death}
          - {code: "?", destination: unknown}
          - {code: "4", destination: home}
        """

    @Test(arguments: [
        ("EHP", "", "", DischargeDestination.ehpad), ("SSR", "8", "", .smr), ("DOM", "8", "", .home), ("FUG", "8", "", .againstAdvice),
        ("DCD", "8", "", .death), ("?", "", "", .unknown), ("4", "", "", .home), ("4", "4", "", .againstAdvice), ("DOM", "8", "7", .ehpad),
        ("EHP", "7", "2", .smr), ("3", "", "", .home), ("F", "", "", .againstAdvice),
    ])
    func `the site's own words of PV1-36`(_ code: String, _ mode: String, _ destination: String, _ leadsTo: DischargeDestination) async throws {
        let station = try await Station(profile: Self.codes)
        _ = try await station.send(Self.message)
        var discharge = ADTMessage("A03", movement: "2", at: "20261109103000", control: "C2").with([("PV1-36", code), ("ZFV-9", "MODE7")])
        if !mode.isEmpty || !destination.isEmpty { discharge = discharge.with([("ZFM-2", mode), ("ZFM-4", destination)]) }
        let answer = try await station.send(discharge)
        #expect(answer.acknowledgement.errors.isEmpty)
        let read = try station.last(PatientDischarged.self).mode
        #expect(read.destination == leadsTo)
        #expect(read.disposition == code)
        #expect(read.siteExitMode == "MODE7")
    }

    @Test func `a profile counts from its publication on, and for its sender only`() async throws {
        let station = try await Station()
        #expect(try await station.send(Self.message.with("ZBE-4", "")).code == "AE")
        try await station.publish(profile: "zbe: lenient")
        #expect(try await station.send(Self.message.with([("ZBE-4", ""), ("MSH-10", "C2")])).code == "AA")
        #expect(try await station.send(Self.message.with([("ZBE-4", ""), ("MSH-10", "C3"), ("MSH-3", "OTHER")])).code == "AE")
        // What was answered once is answered again.
        #expect(try await station.send(Self.message.with("ZBE-4", "")).code == "AE")
    }
}
