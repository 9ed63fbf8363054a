import Foundation
import HL7v2
import Intake
import Pathways
import Testing
import Timekeeping

/// ZBE, PV1 and ROL → the movement; times on the sender's clock.
struct MovementTests {
    struct Time: Sendable, CustomTestStringConvertible {
        let sent: String
        let read: String
        var warnings: Set<String> = []
        var testDescription: String { sent }
    }

    static let times: [Time] = [
        Time(sent: "20261109083000", read: "2026-11-09T08:30:00+01:00"), Time(sent: "202611090830", read: "2026-11-09T08:30:00+01:00"),
        Time(sent: "20261109", read: "2026-11-09T00:00:00+01:00"), Time(sent: "20260709083000", read: "2026-07-09T08:30:00+02:00"),
        Time(sent: "20261109083000.25", read: "2026-11-09T08:30:00.250+01:00"), Time(sent: "20261109083000+0000", read: "2026-11-09T08:30:00Z"),
        Time(sent: "20261025023000", read: "2026-10-25T02:30:00+02:00", warnings: ["ambiguous-time"]),
        Time(sent: "20261025023000+0100", read: "2026-10-25T02:30:00+01:00"),
        Time(sent: "20261025013000", read: "2026-10-25T01:30:00+02:00"), Time(sent: "20261025030000", read: "2026-10-25T03:00:00+01:00"),
        Time(sent: "20260329023000", read: "2026-03-29T02:30:00+01:00", warnings: ["ambiguous-time"]),
        Time(sent: "20261111120000", read: "2026-11-11T12:00:00+01:00"),
        Time(sent: "20261111130001", read: "2026-11-11T13:00:01+01:00", warnings: ["future-date"]),
    ]

    @Test(arguments: times)
    func readsATime(_ time: Time) async throws {
        let station = try await Station()
        let answer = try await station.send(ADTMessage("A01", at: time.sent))
        #expect(answer.code == "AA")
        #expect(answer.warnings == time.warnings)
        #expect(try station.last(PatientAdmitted.self).movement.effectiveAt.rfc3339 == time.read)
    }

    @Test func `a sender may be on another clock`() async throws {
        let station = try await Station(profile: "timeZone: UTC")
        _ = try await station.send(ADTMessage("A01"))
        #expect(try station.last(PatientAdmitted.self).movement.effectiveAt.rfc3339 == "2026-11-09T08:30:00Z")
    }

    @Test func `a movement is numbered within its visit`() async throws {
        let station = try await Station()
        _ = try await station.send(ADTMessage("A01", movement: "312"))
        let other = ADTMessage("A01", movement: "312", at: "20261109093000", visit: "V2", control: "C2")
        #expect(try await station.send(other).code == "AA")
        let ids = try station.all(PatientAdmitted.self).map(\.movement.id)
        #expect(ids == [LocalIdentifier(authority: "850099995/V1", value: "312"), LocalIdentifier(authority: "850099995/V2", value: "312")])
    }

    @Test(arguments: [("312", "850099995"), ("312^CHT", "CHT"), ("312^CHT^1.2.3", "1.2.3"), ("312^CHT^1.2.3~313^CHT^9.9", "1.2.3")])
    func `the authority of a movement`(_ field: String, _ authority: String) async throws {
        let station = try await Station()
        _ = try await station.send(ADTMessage("A01").with("ZBE-1", field))
        #expect(try station.last(PatientAdmitted.self).movement.id == LocalIdentifier(authority: "\(authority)/V1", value: "312"))
    }

    @Test(
        arguments: [
            ([], MedicalUnitReference(code: "CHIR", label: "Chirurgie", authority: "850099995")),
            ([("ZBE-7", ""), ("ZBE-8", "Soins^^^^^^UF^^^S1")], MedicalUnitReference(code: "S1", label: "Soins", authority: "850099995")),
            ([("ZBE-7", ""), ("PV1-3", "U9^12^B")], MedicalUnitReference(code: "U9", authority: "850099995")),
            ([("ZBE-7", ""), ("PV1-3", "^^^CHT&850099995&M")], nil),
        ] as [([(String, String)], MedicalUnitReference?)]
    )
    func `the unit is ZBE-7, else ZBE-8, else PV1-3`(_ changes: [(String, String)], _ unit: MedicalUnitReference?) async throws {
        let station = try await Station()
        _ = try await station.send(ADTMessage("A01").with(changes))
        #expect(try station.last(PatientAdmitted.self).movement.unit == unit)
    }

    @Test(arguments: [("Y", true), ("N", false), ("", false)])
    func `a historic movement says so`(_ field: String, _ historic: Bool) async throws {
        let station = try await Station()
        #expect(try await station.send(ADTMessage("A01").with("ZBE-5", field)).acknowledgement.errors.isEmpty)
        #expect(try station.last(PatientAdmitted.self).movement.historic == historic)
    }

    struct Doctor: Sendable, CustomTestStringConvertible {
        let field: String
        var role = "ODRP"
        var action = "UC"
        var rpps: String?
        var warned = false
        var testDescription: String { "\(role) \(action) \(field)" }
    }

    static let directory = "ASIP-SANTE-PS&1.2.250.1.71.4.2.1&ISO"
    static let doctors: [Doctor] = [
        Doctor(field: "99999000021^PRAUD^Antoine^^^^^^\(directory)^D^^^RPPS", rpps: "99999000021"),
        Doctor(field: "899999000021^PRAUD^Antoine^^^^^^\(directory)^D^^^IDNPS", rpps: "99999000021"),
        Doctor(field: "99999000021^PRAUD^Antoine^^^^^^\(directory)", rpps: "99999000021"),
        Doctor(field: "99999000022^PRAUD^Antoine^^^^^^\(directory)^D^^^RPPS", warned: true),
        Doctor(field: "0751012344^PRAUD^Antoine^^^^^^\(directory)^D^^^IDNPS", warned: true),
        Doctor(field: "4711^PRAUD^Antoine^^^^^^CHT^D^^^EI", warned: true),
        Doctor(field: ""),
        Doctor(field: "99999000021^PRAUD^Antoine^^^^^^\(directory)^D^^^RPPS", role: "RT"),
        Doctor(field: "99999000021^PRAUD^Antoine^^^^^^\(directory)^D^^^RPPS", action: "DE"),
    ]

    @Test(arguments: doctors)
    func `the médecin traitant is declared by ROL ODRP`(_ doctor: Doctor) async throws {
        let station = try await Station()
        let answer = try await station.send(ADTMessage("A01").with([("ROL-2", doctor.action), ("ROL-3", doctor.role), ("ROL-4", doctor.field)]))
        #expect(answer.code == "AA")
        #expect(answer.warnings == (doctor.warned ? ["code-outside-table"] : []))
        let declared = doctor.rpps.map { [DeclaredProfessional(role: .attendingGP, rpps: $0, name: "Antoine PRAUD")] } ?? []
        #expect(try station.last(PatientAdmitted.self).movement.declared == declared)
    }

    @Test func `a discharge before its admission is remarked, in either order of arrival`() async throws {
        let first = try await Station()
        _ = try await first.send(ADTMessage("A01"))
        let early = ADTMessage("A03", movement: "2", at: "20261108103000", control: "C2")
        #expect(try await first.send(early).warnings == ["discharge-before-admission"])

        let second = try await Station()
        #expect(try await second.send(early).warnings.isEmpty)
        #expect(try await second.send(ADTMessage("A01")).warnings == ["discharge-before-admission"])
    }

    @Test func `an admission that is corrected to a time after its discharge is remarked`() async throws {
        let station = try await Station()
        _ = try await station.send(ADTMessage("A01"))
        #expect(try await station.send(ADTMessage("A03", movement: "2", at: "20261109103000", control: "C2")).warnings.isEmpty)
        let later = ADTMessage("Z99", at: "20261109120000", control: "C3").recorded("20261109120000")
        #expect(try await station.send(later).warnings == ["discharge-before-admission"])
        #expect(try station.pathway().history.dischargesBeforeAdmission.map(\.value) == ["2"])
        // What is fed with it: the counts of `relais feed status`, by code.
        #expect(try station.last(MessageReceived.self).warnings.map(\.code) == [.dischargeBeforeAdmission])
    }

    @Test func `a late discharge of an earlier stay is no discharge before the admission`() async throws {
        let station = try await Station()
        _ = try await station.send(ADTMessage("A01", at: "20261101083000"))
        _ = try await station.send(ADTMessage("A01", movement: "3", at: "20261105083000", control: "C3"))
        #expect(try await station.send(ADTMessage("A03", movement: "2", at: "20261103103000", control: "C2")).warnings.isEmpty)
    }

    // MARK: - ZBE-1 repeats

    static let numbers = [
        "1^CHT^850099995~77^LABO^1.2.3", "77^LABO^1.2.3~1^CHT^850099995", "1^CHT^850099995", "77^LABO^1.2.3", "9^X^9.9~77^LABO^1.2.3",
    ]

    @Test(arguments: numbers, [true, false])
    func `a movement is taken back and corrected under any of its numbers`(_ numbers: String, _ isCancelled: Bool) async throws {
        let station = try await Station()
        _ = try await station.send(ADTMessage("A01").with("ZBE-1", Self.numbers[0]))
        let next = isCancelled ? ADTMessage("A11", control: "C2") : ADTMessage("Z99", at: "20261109093000", control: "C2")
        let answer = try await station.send(next.recorded("20261109120000").with("ZBE-1", numbers))
        #expect(answer.code == "AA" && answer.outcome == .accepted)
        let movements = try station.pathway().history.movements
        #expect(movements.count == 1 && movements.first?.movement.id.value == "1")
        #expect(try station.pathway().status == (isCancelled ? .cancelled : .admitted))
        #expect(movements.first?.movement.effectiveAt.rfc3339 == (isCancelled ? "2026-11-09T08:30:00+01:00" : "2026-11-09T09:30:00+01:00"))
    }

    @Test(arguments: numbers.prefix(4), [true, false])
    func `and what takes it back or corrects it may come first`(_ numbers: String, _ isCancelled: Bool) async throws {
        let station = try await Station()
        let next = isCancelled ? ADTMessage("A11", control: "C2") : ADTMessage("Z99", at: "20261109093000", control: "C2")
        #expect(try await station.send(next.recorded("20261109120000").with("ZBE-1", numbers)).outcome == .orphan)
        _ = try await station.send(ADTMessage("A01").with("ZBE-1", Self.numbers[0]))
        let pathway = try station.pathway()
        #expect(pathway.history.movements.count == 1 && pathway.history.held.isEmpty)
        #expect(pathway.status == (isCancelled ? .cancelled : .admitted))
    }

    @Test func `the same movement again under another of its numbers is no second one`() async throws {
        let station = try await Station()
        _ = try await station.send(ADTMessage("A01").with("ZBE-1", Self.numbers[0]))
        let again = try await station.send(ADTMessage("A01", control: "C2").with("ZBE-1", "77^LABO^1.2.3"))
        #expect(again.code == "AA" && again.warnings == ["movement-repeated"])
        #expect(try station.pathway().history.movements.count == 1)
    }
}
