import Coordination
import Crypto
import EventStore
import Pathways
import Testing

/// Stream ids are computed, so they must never change: the values below were computed apart, by HMAC-SHA-256 in another language.
@Suite struct StreamNamesTests {
    private let names = StreamNames(
        naming: StreamNaming(key: SymmetricKey(data: [UInt8](0..<32))),
        territory: "clvo-demo"
    )

    @Test func namesAreThoseOfAlways() {
        let visit = LocalIdentifier(authority: "850099995", value: "V1")
        #expect(names.territory.hex == "0a606db02467515c5c161ac1994f3f9e")
        #expect(names.pathway(visit).hex == "d1591a755d6b695a83ef0b36307f7016")
        #expect(names.patient(LocalIdentifier(authority: "850099995", value: "P1")).hex == "8dd398e2fe4f18d487825dc02b4a9257")
        #expect(names.intake(facility: "CHLVO", application: "SIMHOSP").hex == "20a501fb1ef29486316d8e8dfeb21f80")
        let rule = RuleReference(followUpProtocol: "plain-home-discharge", rule: "gp-visit")
        let followUp = names.followUp(pathway: names.pathway(visit), rule: rule, movement: MovementID(authority: "CHLVO", value: "7"))
        #expect(followUp == "9a32e186406887e52662cd14a5dddd7e")
    }

    @Test func anotherKeyOrAnotherPartGivesAnotherName() {
        let other = StreamNames(naming: StreamNaming(key: SymmetricKey(data: [UInt8](1..<33))), territory: "clvo-demo")
        let visit = LocalIdentifier(authority: "A", value: "1")
        let ids = [
            names.pathway(visit), other.pathway(visit), names.patient(visit), names.intake(facility: "A", application: "1"),
            names.pathway(LocalIdentifier(authority: "A1", value: "")), names.pathway(LocalIdentifier(authority: "", value: "A1")),
        ]
        #expect(Set(ids).count == ids.count)
    }

    @Test func aReferenceLinksThePatientsStream() {
        let patient = LocalIdentifier(authority: "A", value: "P")
        let reference = names.reference(visit: LocalIdentifier(authority: "A", value: "V"), patient: patient)
        #expect(reference.patientStream == names.patient(patient).hex)
    }
}
