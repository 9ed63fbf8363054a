import Coordination
import EventStore
import HL7v2
import Intake
import LogTesting
import Pathways
import Testing
import Timekeeping

/// What people decide on messages in quarantine: once, with a name, and nothing lost.
struct QuarantineDeskTests {
    private static let faulty = ADTMessage("A01").with("PV1-19", "")
    private static let visit = [MessageCorrection(location: "PV1-19", value: "V1^^^CHT&850099995&N^VN")]

    /// A station with one message in quarantine.
    private func quarantine(_ message: ADTMessage = faulty, log: (any EventLog)? = nil) async throws -> (Station, RecordedEvent) {
        let station = try await Station(log: log)
        #expect(try await station.send(message).code == "AE")
        return (station, try #require(try station.events.last))
    }

    private func key(_ name: String = "K1", _ body: String = "") -> RequestKey { RequestKey(key: name, body: Array(body.utf8)) }

    @Test func `a message that is put right states what it says, and the decision says who`() async throws {
        let (station, event) = try await quarantine()
        let referent = try station.referent()
        let result = try await station.desk.repair(event.id, at: event.position, corrections: Self.visit, by: referent, key: key())
        guard case .repaired(.accepted, let position) = result else {
            Issue.record("\(result)")
            return
        }
        #expect(try position == station.log.head().position)
        #expect(try station.kinds == ["message-received", "message-repaired", "patient-identified", "visit-registered", "patient-admitted"])
        #expect(try station.pathway().status == .admitted)
        let repaired = try station.last(MessageRepaired.self)
        #expect(repaired.message == event.id.description)
        #expect(repaired.corrections == Self.visit)
        #expect(repaired.profileDigest == nil)
        #expect(repaired.outcome == .accepted)
        #expect(repaired.by == referent.attribution)
        #expect(repaired.pathwayStream == station.coordinator.streams.pathway(LocalIdentifier(authority: "850099995", value: "V1")).hex)
        let events = try station.events
        #expect(events[1].causation == event.id)
        #expect(events[1].stream == event.stream)
        #expect(events[1].actor == referent.urn)
        for fact in events.dropFirst(2) {
            #expect(fact.causation == events[1].id)
            #expect(fact.source == "urn:finess:850099995")
            #expect(fact.actor == referent.urn)
        }
    }

    @Test func `a site profile published since may be enough`() async throws {
        let (station, event) = try await quarantine(ADTMessage("A01").with([("ZBE-4", ""), ("ZBE-5", "INSERT"), ("ZBE-6", "N"), ("ZBE-7", "")]))
        let referent = try station.referent()
        let before = try await station.desk.repair(event.id, at: event.position, corrections: [], by: referent, key: key())
        guard case .stillFaulty(let faults) = before else {
            Issue.record("\(before)")
            return
        }
        #expect(faults.map { "\($0.code.rawValue) \($0.location)" } == ["101 ZBE-4"])
        #expect(try station.kinds == ["message-received"])
        try await station.publish(profile: "shifts: [{segment: ZBE, field: 4, by: 1}]")
        let after = try await station.desk.repair(event.id, at: event.position, corrections: [], by: referent, key: key())
        #expect(after == .repaired(outcome: .accepted, position: try station.log.head().position))
        #expect(try station.last(MessageRepaired.self).profileDigest != nil)
        #expect(try station.pathway().status == .admitted)
    }

    @Test func `so may a sender who is known since`() async throws {
        let station = try await Station(environment: .production)
        let message = ADTMessage("A01").with([("MSH-3", "NEWHOSP"), ("MSH-11", "P")])
        #expect(try await station.send(message).faults == ["103 MSH-4"])
        let event = try #require(try station.events.last)
        let yaml = Station.territoryYAML.replacing("version: 1", with: "version: 2").replacing("application: SIMHOSP", with: "application: NEWHOSP")
        let author = Author(source: "urn:relais:test", occurredAt: Station.now)
        _ = try await TerritoryPublisher(coordinator: station.coordinator).publish(territory: yaml, file: "test", by: author)
        let result = try await station.desk.repair(event.id, at: event.position, corrections: [], by: try station.referent(), key: key())
        #expect(result == .repaired(outcome: .accepted, position: try station.log.head().position))
    }

    @Test(arguments: [
        ("PV1-19", "V1^^^CHT&850099995&N^VN"), ("PV1-19.1", "V1"), ("PV1-19(1).1", "V1"), ("PV1-19[1].1", "V1"), ("PV1(1)-19", "V1"),
    ])
    func `a place is written as HL7 does`(_ location: String, _ value: String) async throws {
        let (station, event) = try await quarantine()
        let corrections = [MessageCorrection(location: location, value: value)]
        _ = try await station.desk.repair(event.id, at: event.position, corrections: corrections, by: try station.referent(), key: key())
        #expect(try station.pathway().status == .admitted)
    }

    @Test func `a segment that is missing can be added`() async throws {
        let (station, event) = try await quarantine(ADTMessage("A01").without("EVN"))
        let corrections = [MessageCorrection(location: "EVN-2", value: "20261109083000")]
        let result = try await station.desk.repair(event.id, at: event.position, corrections: corrections, by: try station.referent(), key: key())
        #expect(result == .repaired(outcome: .accepted, position: try station.log.head().position))
    }

    @Test(arguments: [
        ("PV1", "x"), ("19", "x"), ("PV1-0", "x"), ("MSH-1", "x"), ("MSH-2", "x"), ("PV1-1000", "x"), ("PV1[3]-19", "x"), ("PV1-19", "a|b"),
        ("PV1-19", "a\rPV2|x"), ("PV1-19.1", "a^b"), ("PV1-19(1)", "a~b"), ("PV1-99999999999999999999", "x"), ("PV1-19.1.1", "a&b"), ("", ""),
    ])
    func `a correction that cannot be made is refused`(_ location: String, _ value: String) async throws {
        let (station, event) = try await quarantine()
        let corrections = [MessageCorrection(location: location, value: value)]
        let refusal = await #expect(throws: Rejection.self) {
            try await station.desk.repair(event.id, at: event.position, corrections: corrections, by: try station.referent(), key: key())
        }
        #expect(refusal?.code == .malformedCorrection)
        #expect(try station.kinds == ["message-received"])
    }

    @Test func `what the pathway refuses stays in quarantine`() async throws {
        let station = try await Station()
        _ = try await station.send(ADTMessage("A01"))
        _ = try await station.send(ADTMessage("A01", at: "20261109093000", control: "C2"))
        let event = try #require(try station.events.last)
        let result = try await station.desk.repair(event.id, at: event.position, corrections: [], by: try station.referent(), key: key())
        guard case .stillFaulty(let faults) = result else {
            Issue.record("\(result)")
            return
        }
        #expect(faults.map(\.code) == [.duplicateKey])
        let corrections = [MessageCorrection(location: "ZBE-1", value: "7^CHT^850099995"), MessageCorrection(location: "MSH-9", value: "ADT^A02")]
        let repaired = try await station.desk.repair(event.id, at: event.position, corrections: corrections, by: try station.referent(), key: key())
        #expect(repaired == .repaired(outcome: .accepted, position: try station.log.head().position))
        #expect(try station.all(PatientTransferred.self).count == 1)
    }

    @Test func `a repaired message may be an orphan`() async throws {
        let (station, event) = try await quarantine(ADTMessage("A03").with("PV1-19", ""))
        let result = try await station.desk.repair(event.id, at: event.position, corrections: Self.visit, by: try station.referent(), key: key())
        #expect(result == .repaired(outcome: .orphan, position: try station.log.head().position))
    }

    @Test func `a message is put aside with a reason`() async throws {
        let (station, event) = try await quarantine()
        let referent = try station.referent()
        _ = try await station.desk.discard(event.id, at: event.position, reason: .sentAgain, note: "vu avec l'hôpital", by: referent, key: key())
        let discarded = try station.last(MessageDiscarded.self)
        #expect(discarded.message == event.id.description)
        #expect(discarded.reason == .sentAgain)
        #expect(discarded.note == "vu avec l'hôpital")
        #expect(discarded.by == referent.attribution)
        #expect(try station.kinds == ["message-received", "message-discarded"])
    }

    @Test(arguments: [true, false], [true, false])
    func `a message is decided once`(_ isRepairedFirst: Bool, _ isRepairedThen: Bool) async throws {
        let (station, event) = try await quarantine()
        let referent = try station.referent()
        func decide(_ repairs: Bool, _ key: RequestKey) async throws {
            if repairs {
                _ = try await station.desk.repair(event.id, at: event.position, corrections: Self.visit, by: referent, key: key)
            } else {
                _ = try await station.desk.discard(event.id, at: event.position, reason: .test, note: nil, by: referent, key: key)
            }
        }
        try await decide(isRepairedFirst, key("K1"))
        let head = try station.log.head()
        let refusal = await #expect(throws: Rejection.self) { try await decide(isRepairedThen, key("K2")) }
        #expect(refusal?.code == .alreadyDecided)
        #expect(try station.log.head() == head)
    }

    @Test func `the same request is answered again, another one under its key is refused and recorded`() async throws {
        let (station, event) = try await quarantine()
        let referent = try station.referent()
        let first = try await station.desk.repair(event.id, at: event.position, corrections: Self.visit, by: referent, key: key("K1", "body"))
        let head = try station.log.head()
        let again = try await station.desk.repair(event.id, at: event.position, corrections: Self.visit, by: referent, key: key("K1", "body"))
        #expect(again == first)
        #expect(try station.log.head() == head)
        await #expect(throws: EventStoreError.self) {
            _ = try await station.desk.discard(event.id, at: event.position, reason: .test, note: nil, by: referent, key: key("K1", "other"))
        }
        #expect(try station.all(CommandKeyReused.self).count == 1)
    }

    @Test func `a decision that another one overtook is made anew, and refused`() async throws {
        let log = SwitchableLog(InMemoryEventLog(identity: "test-territory", time: .fixed(Station.now)))
        let (station, event) = try await quarantine(log: log)
        let referent = try station.referent()
        log.set { state in
            state.beforeAppend = {
                _ = try await station.desk.discard(event.id, at: event.position, reason: .test, note: nil, by: referent, key: key("K2"))
            }
        }
        let refusal = await #expect(throws: Rejection.self) {
            try await station.desk.repair(event.id, at: event.position, corrections: Self.visit, by: referent, key: key("K1"))
        }
        #expect(refusal?.code == .alreadyDecided)
        #expect(try station.kinds == ["message-received", "message-discarded"])
    }

    @Test func `a busy sender does not prevent a decision`() async throws {
        let log = SwitchableLog(InMemoryEventLog(identity: "test-territory", time: .fixed(Station.now)))
        let (station, event) = try await quarantine(log: log)
        log.set { $0.beforeAppend = { _ = try await station.send(ADTMessage("A28", control: "C9").with("PID-3", ADTMessage.patient("P9"))) } }
        let result = try await station.desk.repair(event.id, at: event.position, corrections: Self.visit, by: try station.referent(), key: key())
        #expect(result == .repaired(outcome: .accepted, position: try station.log.head().position))
    }

    @Test func `only a message in quarantine can be decided on`() async throws {
        let station = try await Station()
        _ = try await station.send(ADTMessage("A01"))
        let events = try station.events
        let referent = try station.referent()
        func code(_ id: EventID, _ position: Int64) async throws -> Rejection.Code? {
            await #expect(throws: Rejection.self) {
                try await station.desk.repair(id, at: position, corrections: [], by: referent, key: key("K\(position)"))
            }?.code
        }
        #expect(try await code(events[0].id, events[0].position) == .notQuarantined)
        #expect(try await code(events[1].id, events[1].position) == .unknownMessage)
        #expect(try await code(events[0].id, 9_999) == .unknownMessage)
        #expect(try await code(events[0].id, -1) == .unknownMessage)
        _ = try await station.send(Self.faulty.with("MSH-10", "C2"))
        let faulty = try #require(try station.events.last)
        #expect(try await code(events[0].id, faulty.position) == .unknownMessage)
    }

    @Test func `a message that was erased with its patient can neither be shown nor decided on`() async throws {
        let sealer = ForgetfulSealer()
        let station = try await Station(sealer: sealer)
        _ = try await station.send(Self.faulty)
        let event = try #require(try station.events.last)
        let referent = try station.referent()
        sealer.forget()
        let shown = #expect(throws: Rejection.self) { try station.desk.show(at: event.position) }
        #expect(shown?.code == .messageErased)
        let discarded = await #expect(throws: Rejection.self) {
            try await station.desk.discard(event.id, at: event.position, reason: .test, note: nil, by: referent, key: key())
        }
        #expect(discarded?.code == .messageErased)
    }

    @Test func `a decision is sealed for whom its message is about`() async throws {
        let (station, event) = try await quarantine()
        _ = try await station.desk.repair(event.id, at: event.position, corrections: Self.visit, by: try station.referent(), key: key())
        let received = try station.last(MessageReceived.self)
        #expect(received.subject == station.coordinator.streams.patient(LocalIdentifier(authority: "850099995", value: "P1")).hex)
    }

    @Test func `a message that named nobody goes with the patient whom its repair names`() async throws {
        let sealer = ForgetfulSealer()
        let station = try await Station(sealer: sealer)
        _ = try await station.send(ADTMessage("A01").with("PID-3", ""))
        let event = try #require(try station.events.last)
        let subject = try #require(try station.last(MessageReceived.self).subject)
        let own = try #require(StreamID(hex: subject))
        #expect(sealer.patient(of: own) == own)
        let named = MessageCorrection(location: "PID-3", value: ADTMessage.patient("P1"))
        _ = try await station.desk.repair(event.id, at: event.position, corrections: [named], by: try station.referent(), key: key())
        #expect(sealer.patient(of: own) == station.coordinator.streams.patient(LocalIdentifier(authority: "850099995", value: "P1")))
    }

    @Test func `what a repair says of another patient is sealed for that one`() async throws {
        let station = try await Station(sealer: ForgetfulSealer())
        _ = try await station.send(Self.faulty)
        let event = try #require(try station.events.last)
        let other = MessageCorrection(location: "PID-3", value: ADTMessage.patient("P2"))
        let referent = try station.referent()
        _ = try await station.desk.repair(event.id, at: event.position, corrections: Self.visit + [other], by: referent, key: key())
        let repaired = try #require(try station.events.first { $0.type == MessageRepaired.type })
        let patient = station.coordinator.streams.patient(LocalIdentifier(authority: "850099995", value: "P2"))
        #expect(repaired.keyID == patient.hex)
    }
}
