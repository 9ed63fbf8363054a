import Foundation
import Pathways
import Testing
import Timekeeping

@Suite("Old bodies are read through a chain of upcasters")
struct UpcasterTests {
    private static let noted = Samples.all.first { $0.name == "pathway.follow-up-noted.v1" }

    /// Two releases ago a note was a list of lines under `text`; one release ago one text under `text`.
    private static let chain = Upcasters([
        EventUpcaster(from: "test.noted.v1", to: "test.noted.v2") { body throws(CodecError) in
            guard case .array(let lines)? = body["lines"] else { throw CodecError(path: "$.lines", problem: "is missing") }
            var next = body
            next["lines"] = nil
            next["text"] = .string(lines.map { if case .string(let line) = $0 { line } else { "" } }.joined(separator: "\n"))
            return next
        },
        EventUpcaster(from: "test.noted.v2", to: FollowUpNoted.type) { body in
            var next = body
            next["note"] = body["text"]
            next["text"] = nil
            return next
        },
    ])

    @Test func oneStepAndTwo() throws {
        let sample = try #require(Self.noted)
        var second = try JSONValue(sample.body.payload)
        second["text"] = second["note"]
        second["note"] = nil
        var first = second
        first["lines"] = .array([.string("Code de l’immeuble"), .string("demandé")])
        first["text"] = nil
        #expect(try DomainEvent(type: "test.noted.v2", payload: second.bytes, upcasters: Self.chain) == sample.event)
        guard case .pathway(.followUpNoted(let body))? = try DomainEvent(type: "test.noted.v1", payload: first.bytes, upcasters: Self.chain) else {
            Issue.record("is no note")
            return
        }
        #expect(body.note == "Code de l’immeuble\ndemandé")
        #expect(Self.chain.currentType(of: "test.noted.v1") == FollowUpNoted.type)
        #expect(Self.chain.types(readAs: FollowUpNoted.type) == [FollowUpNoted.type, "test.noted.v1", "test.noted.v2"])
        #expect(throws: CodecError(path: "$.lines", problem: "is missing")) {
            try DomainEvent(type: "test.noted.v1", payload: Array("{}".utf8), upcasters: Self.chain)
        }
        #expect(try DomainEvent(type: "test.noted.v1", payload: first.bytes) == nil)
    }

    /// What is today's is neither parsed nor changed; every released golden file passes through the same path.
    @Test(arguments: Samples.all.map(\.name))
    func todaysBodiesPassUntouched(name: String) throws {
        let sample = try #require(Samples.all.first { $0.name == name })
        let url = try #require(Bundle.module.url(forResource: name, withExtension: "json", subdirectory: "Golden"))
        let golden = Array(try Data(contentsOf: url))
        let type = type(of: sample.body).type
        for upcasters in [Upcasters.released, Self.chain] {
            let (current, payload) = try upcasters.upcast(type: type, payload: golden)
            #expect(current == type && payload == golden)
            #expect(try DomainEvent(type: type, payload: golden, upcasters: upcasters) == sample.event)
        }
    }

    private func golden(_ name: String) throws -> DomainEvent {
        let url = try #require(Bundle.module.url(forResource: name, withExtension: "json", subdirectory: "Golden"))
        return try #require(try DomainEvent(type: "fr.relais.\(name)", payload: Array(try Data(contentsOf: url))))
    }

    @Test func aPlanOfBeforeKeepsItsHabits() throws {
        guard case .pathway(.followUpsPlanned(let body)) = try golden("pathway.follow-ups-planned.v1"), let plan = body.followUps.first else {
            Issue.record("plans nothing")
            return
        }
        #expect(plan.trigger == .homeReturnMissing && plan.becauseHomeReturnMissing && plan.recordsHomeReturn)
        #expect(plan.answerWithinMinutes == 120)
        #expect(plan.solicitation == SolicitationPolicy(aloneMinutes: 120, waveSize: 3, waveMinutes: 120))
        #expect(plan.escalation == EscalationStep.standard && !plan.completesOnAcceptance)
    }

    @Test(arguments: [("declared", 1), ("unit", 1), ("coverage", 0), ("none", 0)])
    func anOrderOfBeforeAsksTheFirstAloneIfTheyWereChosen(basis: String, alone: Int) throws {
        let old = #"""
            {"at":"2026-11-16T14:01:00+01:00","solicitations":[{"followUp":"a","wave":1,"to":["99900000001"],"until":"2026-11-16T16:01:00+01:00",
            "assignment":{"basis":"\#(basis)","order":["99900000001"]}}],"directoryVersion":7}
            """#
        let event = try DomainEvent(type: "fr.relais.pathway.offers-made.v1", payload: Array(old.utf8))
        guard case .pathway(.offersMade(let body))? = event else {
            Issue.record("makes no offers")
            return
        }
        #expect(body.solicitations.map(\.assignment.alone) == [alone])
        #expect(body.loadPosition == nil && body.solicitations.allSatisfy(\.assignment.loads.isEmpty))
    }

    @Test func answersOfBeforeAreNobodysTeams() throws {
        guard case .pathway(.followUpAccepted(let accepted)) = try golden("pathway.follow-up-accepted.v1"),
            case .pathway(.followUpDeclined(let declined)) = try golden("pathway.follow-up-declined.v1")
        else {
            Issue.record("are no answers")
            return
        }
        #expect(accepted.team == nil && declined.team == nil && declined.givenBack)
    }

    @Test(arguments: ["follow-ups-planned", "offers-made"]) func anOldBodyThatIsNotOneIsRefused(name: String) {
        let list = name == "offers-made" ? "solicitations" : "followUps"
        #expect(throws: CodecError.self) {
            try DomainEvent(type: "fr.relais.pathway.\(name).v1", payload: Array(#"{"\#(list)":[{}]}"#.utf8))
        }
    }

    @Test func aCircleEnds() throws {
        let circle = Upcasters([EventUpcaster(from: "a", to: "b") { $0 }, EventUpcaster(from: "b", to: "a") { $0 }])
        #expect(["a", "b"].contains(circle.currentType(of: "a")))
        #expect(try ["a", "b"].contains(circle.upcast(type: "a", payload: Array("{}".utf8)).type))
    }

    @Test(arguments: [
        #"{"a":1,"b":[true,false,null,"x"],"c":{"d":-0.5e3}}"#, "[]", "{}", #""é\n""#, #"{"a":{},"b":[[]]}"#,
        #"{"key \"with\" quotes":"\\"}"#,
    ])
    func aTreeIsWrittenAsItWasRead(text: String) throws {
        let value = try JSONValue(Array(text.utf8))
        #expect(try JSONValue(value.bytes) == value)
        let (left, right) = try (parsed(value.bytes), parsed(Array(text.utf8)))
        #expect(left == right)
    }

    private func parsed(_ bytes: [UInt8]) throws -> NSObject? {
        try JSONSerialization.jsonObject(with: Data(bytes), options: .fragmentsAllowed) as? NSObject
    }

    @Test func aMessageOfBeforeSubjectsIsRead() throws {
        let sample = try #require(Samples.all.first { $0.name == "intake.message-received.v1" })
        let old = try MessageReceived(payload: sample.body.payload)
        #expect(old.subject == nil)
        let new = MessageReceived(
            facts: old.facts,
            outcome: old.outcome,
            acknowledgement: old.acknowledgement,
            pathwayStream: old.pathwayStream,
            subject: "0123456789abcdef0123456789abcdef"
        )
        #expect(try MessageReceived(payload: new.payload) == new)
    }
}
