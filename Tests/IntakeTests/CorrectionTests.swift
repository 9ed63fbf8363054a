import HL7v2
import Intake
import Pathways
import Testing
import Timekeeping

/// Z99, and the A08 that senders use in its place (health-domain §A.1, §A.2).
struct CorrectionTests {
    private static let later = "20261109120000"

    @Test func `Z99 changes what it says of a movement, and leaves the rest`() async throws {
        let station = try await Station()
        _ = try await station.send(ADTMessage("A01").with("PV1-21", "03"))
        let correction = ADTMessage("Z99", at: "20261109090000", control: "C2").recorded(Self.later).with("ZBE-7", "")
        let answer = try await station.send(correction)
        #expect(answer.outcome == .accepted)
        #expect(answer.acknowledgement.errors.isEmpty)
        let stay = try station.pathway().stay
        #expect(stay.admittedAt?.rfc3339 == "2026-11-09T09:00:00+01:00")
        #expect(stay.unit?.code == "CHIR")
        #expect(stay.chargeType == "03")
    }

    @Test(arguments: ["A01", "A02", "A03", "A04", "A05", "A06", "A07", "A14", "A15", "A16", "A21", "A22", "A54"])
    func `Z99 corrects every kind of movement, in either order`(_ original: String) async throws {
        let first = ADTMessage("A01", movement: "0", at: "20261109080000", control: "C0")
        let inserted = ADTMessage(original, movement: "2", at: "20261109103000", control: "C2")
        let correction = ADTMessage("Z99", movement: "2", at: "20261109110000", control: "C3").recorded(Self.later).with("ZBE-6", original)
        let straight = try await Station()
        for message in [first, inserted, correction] { #expect(try await straight.send(message).outcome == .accepted) }
        #expect(try straight.all(MovementCorrected.self).count == 1)
        let backwards = try await Station()
        _ = try await backwards.send(first)
        #expect(try await backwards.send(correction).outcome == .orphan)
        #expect(try await backwards.send(inserted).outcome == .accepted)
        #expect(try backwards.pathway().stay == straight.pathway().stay)
    }

    @Test func `Z99 of a discharge says where the patient went`() async throws {
        let station = try await Station()
        _ = try await station.send(ADTMessage("A01"))
        _ = try await station.send(ADTMessage("A03", movement: "2", at: "20261109103000", control: "C2").with("ZFM-2", "8"))
        let mode = ADTMessage("Z99", movement: "2", at: "20261109103000", control: "C3").recorded(Self.later)
            .with([("ZBE-6", "A03"), ("ZFM-2", "7"), ("ZFM-4", "2")])
        _ = try await station.send(mode)
        #expect(try station.pathway().stay.mode?.destination == .smr)
        // A correction that says nothing of it changes nothing of it.
        let time = ADTMessage("Z99", movement: "2", at: "20261109113000", control: "C4").recorded("20261109130000").with("ZBE-6", "A03")
        _ = try await station.send(time)
        #expect(try station.pathway().stay.mode?.destination == .smr)
        #expect(try station.pathway().stay.dischargedAt?.rfc3339 == "2026-11-09T11:30:00+01:00")
    }

    @Test(arguments: [
        ("Z99", "A01", "C", false), ("Z99", "A04", "C", false), ("Z99", "A05", "C", false), ("Z99", "A02", "C", true), ("A01", "", "C", true),
        ("A01", "", "HMS", false), ("A01", "", "HMC", true), ("A01", "", "LD", false),
    ])
    func `ZBE-9 = C goes with a correction of A01, A04 or A05`(_ trigger: String, _ original: String, _ nature: String, _ warned: Bool) async throws {
        let station = try await Station()
        let message = ADTMessage(trigger).with([("ZBE-6", original), ("ZBE-9", nature)])
        let answer = try await station.send(message)
        #expect(answer.code == "AA")
        #expect(answer.receipt.warnings == (warned ? [IntakeWarning(.codeOutsideTable, at: "ZBE-9")] : []))
    }

    private static func update(_ changes: [(String, String)] = []) -> ADTMessage {
        ADTMessage("A08", control: "C3").recorded(later).with([
            ("PV1-19", "V1^^^CHT&850099995&N^VN"), ("ZBE-1", "1^CHT^850099995"), ("ZBE-2", "20261109090000"), ("ZBE-4", "UPDATE"), ("ZBE-5", "N"),
            ("ZBE-6", "A01"),
        ]).with(changes)
    }

    @Test func `A08 without ZBE is read as A31 and remarked`() async throws {
        let station = try await Station()
        let answer = try await station.send(ADTMessage("A08"))
        #expect(answer.code == "AA")
        #expect(answer.warnings == ["non-conformant-trigger"])
        #expect(try station.kinds == ["message-received", "patient-identified"])
    }

    @Test func `A08 with ZBE corrects the movement too, in either order`() async throws {
        for isLate in [true, false] {
            let station = try await Station()
            if isLate { _ = try await station.send(ADTMessage("A01")) }
            let answer = try await station.send(Self.update())
            #expect(answer.warnings == ["non-conformant-trigger"])
            #expect(answer.outcome == (isLate ? .accepted : .orphan))
            if !isLate { _ = try await station.send(ADTMessage("A01")) }
            #expect(try station.pathway().stay.admittedAt?.rfc3339 == "2026-11-09T09:00:00+01:00")
        }
    }

    @Test(arguments: [[("ZBE-1", "")], [("ZBE-2", "soon")], [("ZBE-6", "")], [("ZBE-6", "A99")], [("ZBE-4", "CANCEL")], [("PV1-19", "")]])
    func `an A08 whose movement cannot be told is news of the patient only`(_ changes: [(String, String)]) async throws {
        let station = try await Station()
        _ = try await station.send(ADTMessage("A01"))
        let answer = try await station.send(Self.update(changes))
        #expect(answer.code == "AA")
        #expect(answer.warnings == ["non-conformant-trigger"])
        #expect(try station.all(MovementCorrected.self).isEmpty)
    }
}
