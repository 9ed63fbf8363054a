import Coordination
import EventStore
import HL7v2
import Intake
import Pathways
import Testing
import Timekeeping

/// What an accepted message leaves in the log: its bytes, its author, and the thread from cause to effect.
struct EvidenceTests {
    @Test func `the bytes are kept beside the event, as received`() async throws {
        let station = try await Station()
        let bytes = ADTMessage("A01").bytes + Array("ZXX|caf\u{E9}\n".unicodeScalars.map { UInt8(truncatingIfNeeded: $0.value) })
        _ = try await station.send(bytes)
        let event = try #require(try station.events.first)
        #expect(event.type == MessageReceived.type)
        #expect(try station.log.attachment(of: event.position) == bytes)
        let facts = try station.last(MessageReceived.self).facts
        #expect(facts.digest == Hash256.of(bytes).hex)
        #expect(facts.byteCount == bytes.count)
        #expect(facts.trigger == "ADT^A01")
        #expect(facts.controlID == "C1")
        #expect(facts.charset == "8859/15")
    }

    @Test func `the facts of the domain name the message as their cause`() async throws {
        let station = try await Station()
        _ = try await station.send(ADTMessage("A01").with("EVN-5", "99999000021^PRAUD^Antoine^^^^^^ASIP-SANTE-PS&1.2.250.1.71.4.2.1&ISO^D^^^RPPS"))
        let events = try station.events
        #expect(events.count == 4)
        #expect(events.dropFirst().allSatisfy { $0.causation == events.first?.id })
        #expect(events.allSatisfy { $0.source == "urn:finess:850099995" && $0.actor == "urn:rpps:99999000021" })
        #expect(events.first?.time == Station.now)
        #expect(events.last?.time.rfc3339 == "2026-11-09T08:30:00+01:00")
    }

    @Test func `an operator who is no professional is not named`() async throws {
        let station = try await Station()
        _ = try await station.send(ADTMessage("A01").with("EVN-5", "SECRETARIAT^DUPOND^Anne"))
        #expect(try station.events.allSatisfy { $0.actor == nil })
    }

    @Test func `the message's event points to its pathway`() async throws {
        let station = try await Station()
        _ = try await station.send(ADTMessage("A01"))
        let expected = station.coordinator.streams.pathway(LocalIdentifier(authority: "850099995", value: "V1")).hex
        #expect(try station.last(MessageReceived.self).pathwayStream == expected)
        let wrong = try await station.send(ADTMessage("A01", control: "C2").with("ZBE-4", ""))
        #expect(wrong.receipt.pathway?.hex == expected)
        #expect(try station.last(MessageReceived.self).pathwayStream == expected)
    }

    @Test func `each sender has a stream of its own`() async throws {
        let station = try await Station()
        _ = try await station.send(ADTMessage("A01"))
        _ = try await station.send(ADTMessage("A09").with("MSH-3", "OTHER"))
        let streams = try station.events.filter { $0.type == MessageReceived.type }.map(\.stream)
        #expect(
            streams == [
                station.coordinator.streams.intake(facility: "CHT", application: "SIMHOSP"),
                station.coordinator.streams.intake(facility: "CHT", application: "OTHER"),
            ]
        )
    }

    /// Faults, warnings and answers are read by people who run interfaces, and end in logs.
    @Test func `no value of a patient is in an answer or a fault`() async throws {
        let secrets = ["SECRETNAME", "SECRETGIVEN", "SECRETNUMBER", "248038504701288", "SECRETVISIT", "SECRETMOVE", "SECRETCODE", "SECRETSTREET"]
        let patient = "SECRETNUMBER^^^CHT&850099995&N^PI~248038504701288^^^ASIP-SANTE-INS-NIR&1.2.250.1.213.1.4.10&ISO^INS"
        let base = ADTMessage("A03", movement: "SECRETMOVE", visit: "SECRETVISIT").with([
            ("PID-3", patient), ("PID-5", "SECRETNAME^SECRETGIVEN^^^^^L"), ("PID-8", "SECRETCODE"), ("PID-11", "SECRETSTREET^^^^^^H"),
            ("PID-32", "VALI~SECRETCODE"), ("PV1-36", "SECRETCODE"), ("ROL-3", "ODRP"), ("ROL-4", "SECRETCODE^SECRETNAME"), ("ZFM-2", "SECRETCODE"),
        ])
        let missing = ["PID-18", "PV1-19", "ZBE-1", "ZBE-2", "ZBE-4"].map { base.with($0, "") }
        let wrong = missing + [base.with("ZBE-4", "SECRETCODE"), base.with("ZBE-2", "SECRETCODE")]
        let station = try await Station()
        var number = 0
        for message in [base, base.with("ZBE-2", "20261108083000"), base.with("PID-3", "SECRETNUMBER2^^^CHT&850099995&N^PI")] + wrong {
            number += 1
            let answer = try await station.send(message.with("MSH-10", "C\(number)"))
            let text = String(decoding: answer.bytes, as: UTF8.self) + "\(answer.receipt.faults)\(answer.receipt.warnings)"
            #expect(answer.acknowledgement.errors.isEmpty == false)
            for secret in secrets { #expect(!text.contains(secret)) }
        }
    }
}
