import Testing

@testable import Web

/// What a territory may agree with partners, and how a mistake is told.
@Suite struct PartnerPolicyTests {
    private func policy(_ text: String) throws -> PartnerPolicy { try PartnerPolicy(json: Array(text.utf8)) }

    @Test func `what is not said is not granted`() throws {
        let partners = try policy(#"{"partners":[{"id":"pharmacie-1"}]}"#).partners
        let partner = try #require(partners.first)
        #expect(partners.count == 1 && partner == PartnerPolicy.Partner(id: "pharmacie-1"))
        #expect(partner.feed.isEmpty && !partner.sends && !partner.isUnsigned)
        #expect(try policy(#"{"partners":[]}"#).partners.isEmpty)
    }

    @Test func `all that can be said is read`() throws {
        let text = #"""
            {"partners":[
              {"id":"a","territories":["demo"],"feed":["99999000112"],"templates":["request"],"actors":["99999000112"],
               "facilities":["CHLVO"],"secretFile":"a.whsec"},
              {"id":"b","actors":["99999000112"],"unsigned":true}
            ]}
            """#
        let policy = try policy(text)
        let first = try #require(policy.partners.first)
        #expect(first.feed == ["99999000112"] && first.templates == ["request"] && first.facilities == ["CHLVO"] && first.secretFile == "a.whsec")
        #expect(first.sends && !first.isUnsigned)
        #expect(policy.partners(of: "demo").map(\.id) == ["a", "b"])
        #expect(policy.partners(of: "other").map(\.id) == ["b"])
    }

    @Test(arguments: [
        ("", "is no JSON"), ("[]", "must be an object"), ("{}", "partners must be a list"), (#"{"partners":[],"more":1}"#, "no setting more"),
        (#"{"partners":[1]}"#, "needs an id"), (#"{"partners":[{"id":"A"}]}"#, "needs an id"), (#"{"partners":[{"id":""}]}"#, "needs an id"),
        (#"{"partners":[{"id":"a"},{"id":"a"}]}"#, "named twice"), (#"{"partners":[{"id":"a","feed":"x"}]}"#, "must be a list"),
        (#"{"partners":[{"id":"a","feed":[1]}]}"#, "texts only"), (#"{"partners":[{"id":"a","feed":["99999000113"]}]}"#, "is no RPPS"),
        (#"{"partners":[{"id":"a","feed":[],"feed":[]}]}"#, "says something twice"),
        (#"{"partners":[{"id":"a","actors":["99999000112"]}]}"#, "secretFile"),
        (#"{"partners":[{"id":"a","facilities":["X"],"secretFile":"s","unsigned":true}]}"#, "secretFile"),
        (#"{"partners":[{"id":"a","secretFile":"s"}]}"#, "secretFile"), (#"{"partners":[{"id":"a","unsigned":1}]}"#, "true or false"),
    ])
    func `a mistake is told, not passed over`(text: String, words: String) throws {
        let fault = try #require(throws: PartnerPolicy.Fault.self) { try policy(text) }
        #expect("\(fault)".contains(words), "\(fault)")
    }

    @Test(arguments: [
        ("/api/v1/follow-ups/abc-1.2~x_y:z/accept", true), ("/api/v1/pathways", true), ("/api/v1/pathways/0f/prescriptions/missing", true),
        ("/api/v1/pathways/0f/prescriptions/r1/obtained", true), ("/api/v1/pathways/0f/prado/left", true), ("/api/v1/pathways/0f/retract", false),
        ("/api/v1/follow-ups//accept", false), ("/api/v1/follow-ups/../accept", false), ("/api/v1/follow-ups/a/b/accept", false),
        ("/api/v1/follow-ups/a%2Fb/accept", false), ("/api/v1/follow-ups/a/accept?x=1", false), ("/api/v1/follow-ups/a/accept/", false),
        ("/api/v1/follow-ups/é/accept", false), ("/api/v1/erasures", false), ("/api/v1/hl7", false), ("/", false), ("", false),
        ("/api/v1/professionals/99999000112/absences", false), ("/API/v1/pathways", false), ("//api/v1/pathways", false),
    ])
    func `only writes about care may be asked for`(path: String, isAllowed: Bool) throws {
        let text = "{\"path\":\"\(path)\",\"actor\":\"urn:rpps:99999000112\"}"
        let command = try PartnerCommand(Array(text.utf8))
        #expect(command.isAllowed == isAllowed && command.actor == "99999000112" && command.body == Array("{}".utf8))
    }

    @Test func `a body goes on as it was written, without its spaces`() throws {
        let text = #"{"path": "/x", "actor": "99999000112", "body": { "at" : "2026", "n": 1.50, "é": ["\u00e9", null, true]} }"#
        #expect(String(decoding: try PartnerCommand(Array(text.utf8)).body, as: UTF8.self) == #"{"at":"2026","n":1.50,"é":["é",null,true]}"#)
    }
}
