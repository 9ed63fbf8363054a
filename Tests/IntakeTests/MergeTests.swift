import EventStore
import HL7v2
import Intake
import Pathways
import Testing

/// A40, A47 and A44: numbers that are one person's, an INS that is taken back, a dossier of somebody else (health-domain §A.1, §A.4).
struct MergeTests {
    private static let ins = "248038504701287^^^ASIP-SANTE-INS-NIR&1.2.250.1.213.1.4.10&ISO^INS"
    private static let noINS = "\"\"^^^ASIP-SANTE-INS-NIR&1.2.250.1.213.1.4.10&ISO^INS"

    @Test func `A40 makes the retired number an alias, and waits for it while it is unknown`() async throws {
        let station = try await Station()
        let merge = ADTMessage("A40", control: "C2")
        #expect(try await station.send(merge).outcome == .orphan)
        #expect(try station.patient("P2").mergedInto?.identifier.value == "P1")
        #expect(try station.patient("P1").aliases.map(\.identifier.value) == ["P2"])

        let second = try await Station()
        _ = try await second.send(ADTMessage("A28").with("PID-3", ADTMessage.patient("P2")))
        let answer = try await second.send(merge)
        #expect(answer.outcome == .accepted)
        #expect(answer.acknowledgement.errors.isEmpty)
        #expect(try second.kinds.count { $0 == "patients-merged" } == 2)
    }

    @Test func `A40 may hold several groups`() async throws {
        let station = try await Station()
        let groups = ADTMessage("A40").text + "PID|1||\(ADTMessage.patient("P3"))\rMRG|\(ADTMessage.patient("P4"))\r"
        _ = try await station.send(Array(groups.utf8))
        #expect(try station.patient("P2").mergedInto?.identifier.value == "P1")
        #expect(try station.patient("P4").mergedInto?.identifier.value == "P3")
    }

    @Test(arguments: ["PID-3", "MRG-1"])
    func `a fault in the second group names its place`(_ place: String) async throws {
        let station = try await Station()
        let second = ["PID-3": "PID|1||\rMRG|\(ADTMessage.patient("P4"))\r", "MRG-1": "PID|1||\(ADTMessage.patient("P3"))\rMRG|X^^^CHT^NH\r"]
        let answer = try await station.send(Array((ADTMessage("A40").text + (second[place] ?? "")).utf8))
        #expect(answer.faults == ["101 \(place.replacing("-", with: "[2]-"))"])
        // Each group is kept by itself, with its own fault at its own place.
        let kept = try station.all(MessageReceived.self)
        #expect(try station.kinds.count == kept.count && kept.map(\.outcome) == [.quarantined, .quarantined])
        #expect(kept.last?.errors.first?.hasPrefix("101 \(place):") == true)
    }

    /// What follows a first group that is complete, and what is refused of it: none of it is acknowledged and dropped.
    @Test(arguments: [
        ("MRG|3|", ["100 MRG[2]"]),
        ("MRG|3|PID|4|MRG|5|", ["100 MRG[2]"]),
        ("MRG|3|PID||MRG|4|", ["100 MRG[2]", "101 PID[2]-3"]),
        ("PID|3|", ["100 PID[2]"]),
        ("PID|3|PID|4|MRG|5|", ["100 PID[2]"]),
    ])
    func `a PID and an MRG go together`(_ rest: String, faults: [String]) async throws {
        let station = try await Station()
        let words = rest.split(separator: "|", omittingEmptySubsequences: false).dropLast()
        let segments = stride(from: 0, to: words.count, by: 2).map { index in
            let number = words[index + 1].isEmpty ? "" : ADTMessage.patient("P\(words[index + 1])")
            return words[index] == "PID" ? "PID|1||\(number)\r" : "MRG|\(number)\r"
        }
        let answer = try await station.send(Array((ADTMessage("A40").text + segments.joined()).utf8))
        #expect(answer.faults == faults)
        #expect(try !station.kinds.contains("patients-merged"))
    }

    @Test func `a message of too many merges is refused whole`() async throws {
        let station = try await Station()
        let groups = (1...100).map { "PID|1||\(ADTMessage.patient("S\($0)"))\rMRG|\(ADTMessage.patient("R\($0)"))\r" }
        let answer = try await station.send(Array((ADTMessage("A40").text + groups.joined()).utf8))
        #expect(answer.faults == ["100 MRG[101]"])
        #expect(try station.kinds == Array(repeating: "message-received", count: 100))
    }

    @Test func `a merge says who the survivor is only where it gives a name`() async throws {
        let station = try await Station()
        _ = try await station.send(ADTMessage("A40").with("PID-5", ""))
        #expect(try station.patient("P1").identity == nil)
        _ = try await station.send(ADTMessage("A40", control: "C2"))
        #expect(try station.patient("P1").identity?.birthFamilyName == "DURAND")
    }

    @Test func `A47 takes the INS back`() async throws {
        let station = try await Station()
        let known = ADTMessage("A31").with([("PID-3", "\(ADTMessage.patient("P1"))~\(Self.ins)"), ("PID-32", "VALI")])
        _ = try await station.send(known)
        #expect(try station.patient().identity?.ins != nil)
        let withdrawal = ADTMessage("A47", control: "C2").recorded("20261109120000")
            .with([("PID-3", "\(ADTMessage.patient("P1"))~\(Self.noINS)"), ("PID-32", "PROV"), ("MRG-1", Self.ins)])
        let answer = try await station.send(withdrawal)
        #expect(answer.outcome == .accepted)
        #expect(answer.acknowledgement.errors.isEmpty)
        #expect(try station.last(PatientIdentified.self).identity.withdrawsINS)
        #expect(try station.patient().identity?.ins == nil)
        #expect(try station.patient().mergedInto == nil)
    }

    @Test func `A47 with another local number is a merge`() async throws {
        let station = try await Station()
        _ = try await station.send(ADTMessage("A28").with("PID-3", ADTMessage.patient("P2")))
        #expect(try await station.send(ADTMessage("A47", control: "C2")).outcome == .accepted)
        #expect(try station.patient("P2").mergedInto?.identifier.value == "P1")
        #expect(try station.patient("P1").identity?.birthFamilyName == "DURAND")
    }

    @Test(arguments: ["PID-18", "MRG-3"])
    func `A44 moves the visits of a dossier`(_ place: String) async throws {
        let station = try await Station()
        _ = try await station.send(ADTMessage("A01").with("PID-3", ADTMessage.patient("P2")))
        let move = ADTMessage("A44", control: "C2").with([("PID-18", ""), (place, "N1^^^CHT&850099995&N^AN")])
        let answer = try await station.send(move)
        #expect(answer.outcome == .accepted)
        #expect(answer.acknowledgement.errors.isEmpty)
        #expect(try station.all(DossierMoved.self).count == 2)
        #expect(try station.pathway().reference?.patient.value == "P1")
        // A message that still names the old patient is taken for the new one.
        let late = ADTMessage("A02", movement: "2", at: "20261109093000", control: "C3").with("PID-3", ADTMessage.patient("P2"))
        #expect(try await station.send(late).outcome == .accepted)
        #expect(try station.all(PatientTransferred.self).count == 1)
    }

    @Test func `A44 of a dossier that is not known waits`() async throws {
        let station = try await Station()
        #expect(try await station.send(ADTMessage("A44")).outcome == .orphan)
        _ = try await station.send(ADTMessage("A01", control: "C2").with("PID-3", ADTMessage.patient("P2")))
        #expect(try station.pathway().reference?.patient.value == "P1")
    }
}
