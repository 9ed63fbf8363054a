import Coordination
import EventStore
import HL7v2
import Intake
import Pathways
import Testing

/// What a message that names patients is answered, and what is left of it, once one of them was erased.
struct ErasedMessageTests {
    private static func stream(_ number: String, _ station: Station) -> StreamID {
        station.coordinator.streams.patient(LocalIdentifier(authority: "850099995", value: number))
    }

    struct Row: Sendable, CustomTestStringConvertible {
        let name: String
        let message: ADTMessage
        let code: String
        var testDescription: String { name }
    }

    static let rows = [
        Row(name: "accepted", message: ADTMessage("A01"), code: "AA"),
        Row(name: "quarantined", message: ADTMessage("A01").with("ZBE-4", ""), code: "AE"),
        Row(name: "refused", message: ADTMessage("A01").with("MSH-12", "2.2"), code: "AR"),
        Row(name: "accepted, enhanced mode", message: ADTMessage("A01").with("MSH-15", "AL"), code: "CA"),
        Row(name: "quarantined, enhanced mode", message: ADTMessage("A01").with([("ZBE-4", ""), ("MSH-15", "AL")]), code: "CE"),
    ]

    @Test(arguments: rows)
    func `a repetition is answered as at first, the patient erased or not`(_ row: Row) async throws {
        let sealer = ForgetfulSealer()
        let station = try await Station(sealer: sealer)
        let first = try await station.send(row.message)
        #expect(first.code == row.code)
        let head = try station.log.head().position
        for erases in [false, true] {
            if erases { sealer.forget(Self.stream("P1", station)) }
            let again = try await station.send(row.message)
            #expect(again.code == row.code)
            #expect(again.receipt.result == .repeated)
            #expect((again.bytes == first.bytes) != erases)
        }
        #expect(try station.log.head().position == head)
    }

    private static let second = "PID|1||\(ADTMessage.patient("P3"))||MARTIN^Jeanne^^^^^L\rMRG|\(ADTMessage.patient("P4"))\r"

    /// What can still be read of each part of a message of two groups.
    private func parts(_ text: String, erasing number: String? = nil) async throws -> [String?] {
        let sealer = ForgetfulSealer()
        let station = try await Station(sealer: sealer)
        _ = try await station.send(Array(text.utf8))
        if let number { sealer.forget(Self.stream(number, station)) }
        return try station.events.filter { $0.type == MessageReceived.type }.map { event in
            let attachment = try #require(try station.log.attachment(of: event.position))
            return try sealer.attachment(attachment, of: event).map { String(decoding: $0, as: UTF8.self) }
        }
    }

    @Test(arguments: [("P1", "MARTIN"), ("P3", "DURAND")])
    func `an A40 of several patients goes by parts, each with its own patient`(_ erased: String, _ left: String) async throws {
        let text = ADTMessage("A40").text + Self.second
        let whole = try await parts(text)
        #expect(whole.count == 2 && whole.allSatisfy { $0?.hasPrefix("MSH|") == true && $0?.contains("\rEVN|") == true })
        #expect(whole.compactMap(\.self).allSatisfy { $0.contains("DURAND") != $0.contains("MARTIN") })
        let readable = try await parts(text, erasing: erased).compactMap(\.self)
        #expect(readable.count == 1 && readable.allSatisfy { $0.contains(left) })
    }

    @Test func `a part that is faulty is repaired by itself, and no part is applied before`() async throws {
        let station = try await Station()
        let text = ADTMessage("A40").text + Self.second.replacing(ADTMessage.patient("P3"), with: "")
        #expect(try await station.send(Array(text.utf8)).code == "AE")
        #expect(try station.kinds == ["message-received", "message-received"])
        let events = try station.events
        let referent = try station.referent()
        for (index, corrections) in [[], [MessageCorrection(location: "PID-3", value: ADTMessage.patient("P3"))]].enumerated() {
            let key = RequestKey(key: "part-\(index)", body: [])
            let (event, before) = (events[index], try station.log.head().position)
            let result = try await station.desk.repair(event.id, at: event.position, corrections: corrections, by: referent, key: key)
            #expect(result == .repaired(outcome: .orphan, position: try station.log.head().position))
            #expect(try station.log.head().position > before)
        }
        #expect(try station.patient("P2").mergedInto?.identifier.value == "P1")
        #expect(try station.patient("P4").mergedInto?.identifier.value == "P3")
    }
}
