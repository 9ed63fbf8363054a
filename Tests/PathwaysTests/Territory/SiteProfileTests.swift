import Foundation
import Pathways
import Testing

@Suite("A site profile says how senders depart from the rules") struct SiteProfileTests {
    private static let text = """
        id: chlvo-site
        version: 3
        title: Réglages du CHLVO
        date: 2026-11-01
        senders:
          - {application: HEXAGONE, facility: CHLVO}
          - {facility: CHLVO-SMR}
        charset: 8859/1
        timeZone: Indian/Reunion
        account: is-visit
        zbe: lenient
        reinsert: update
        shifts:
          - {segment: ZBE, field: 3, by: 1}
        authorities:
          - {written: HOPITAL, kept: "850099995"}
        dispositions:
          - {code: D1, destination: home}
          - {code: D9, destination: against-advice}

        """

    private static let smallest = """
        id: small-site
        version: 1
        title: Rien de particulier
        date: 2026-11-01
        senders: [{application: HEXAGONE}]

        """

    private func parse(_ text: String) throws -> SiteProfileFile { try SiteProfileFile.parse(yaml: text, file: "site.yaml") }

    @Test func allOfItIsRead() throws {
        let file = try parse(Self.text)
        #expect(file.id == "chlvo-site" && file.version == 3)
        #expect(file.senders == [SenderPattern(application: "HEXAGONE", facility: "CHLVO"), SenderPattern(facility: "CHLVO-SMR")])
        let expected = SiteProfile(
            charset: "8859/1",
            timeZone: TimeZone(identifier: "Indian/Reunion"),
            account: .isVisit,
            isZBELenient: true,
            reinsertsUpdate: true,
            shifts: [.init(segment: "ZBE", field: 3, by: 1)],
            authorities: ["HOPITAL": "850099995"],
            dispositions: ["D1": .home, "D9": .againstAdvice]
        )
        #expect(file.profile == expected)
    }

    @Test func whatIsNotSaidIsStrict() throws {
        #expect(try parse(Self.smallest).profile == .strict)
    }

    @Test(arguments: [
        ("version: 3", "version: 0", "2:10: version"), ("version: 3", "version: 3\nlenient: true", "3:1: "), ("date: 2026-11-01\n", "", "1:1: "),
        ("{facility: CHLVO-SMR}", "{}", "7:5: senders[1]"),
        ("{facility: CHLVO-SMR}", "{facility: CHLVO, application: HEXAGONE}", "7:5: senders[1]"),
        ("charset: 8859/1", "charset: EBCDIC", "8:10: charset"), ("timeZone: Indian/Reunion", "timeZone: Paris/Europe", "9:11: timeZone"),
        ("timeZone: Indian/Reunion", "timeZone: CET", "9:11: timeZone"), ("account: is-visit", "account: never", "10:10: account"),
        ("zbe: lenient", "zbe: true", "11:6: zbe"), ("reinsert: update", "reinsert: insert", "12:11: reinsert"),
        ("segment: ZBE", "segment: MSH", "14:15: shifts[0].segment"), ("segment: ZBE", "segment: zbe", "14:15: shifts[0].segment"),
        ("field: 3", "field: 0", "14:27: shifts[0].field"), ("by: 1", "by: -1", "14:34: shifts[0].by"),
        ("kept: \"850099995\"", "kept: 850099995", "16:30: authorities[0].kept"),
        ("code: D9", "code: D1", "19:12: dispositions[1].code"), ("against-advice", "againstAdvice", "19:29: dispositions[1].destination"),
    ])
    func aFaultIsRefusedWithItsPlace(old: String, new: String, place: String) throws {
        let errors = #expect(throws: FileErrors.self) { try parse(Self.text.replacing(old, with: new)) }
        #expect(errors?.problems.map { "\($0.line):\($0.column): \($0.path)" } == [place])
    }

    @Test func aNameThatIsKeptAsAnotherIsRefused() throws {
        let chain = "- {written: HOPITAL, kept: \"850099995\"}\n  - {written: \"850099995\", kept: CHLVO}"
        let errors = #expect(throws: FileErrors.self) { try parse(Self.text.replacing("- {written: HOPITAL, kept: \"850099995\"}", with: chain)) }
        #expect(errors?.problems.map(\.path) == ["authorities"])
    }

    @Test func theMostExactPatternDecides() throws {
        var state = TerritoryState()
        func publish(_ id: String, _ senders: String) throws {
            let content = Self.smallest.replacing("small-site", with: id).replacing("{application: HEXAGONE}", with: senders)
            try state.evolve(with: SiteProfilePublished(profile: id, version: 1, digest: id, content: content))
        }
        func digest(_ application: String, _ facility: String) -> String? {
            state.siteProfile(for: HL7Sender(application: application, facility: facility))?.digest
        }
        #expect(digest("A", "F") == nil)
        try publish("by-application", "{application: A}")
        try publish("by-facility", "{facility: F}")
        try publish("by-facility-too", "{facility: F}")
        #expect(digest("A", "F") == "by-facility" && digest("A", "G") == "by-application" && digest("B", "G") == nil)
        try publish("by-both", "{application: A, facility: F}")
        #expect(digest("A", "F") == "by-both" && digest("B", "F") == "by-facility")
        // A new version takes the place of the old one.
        try publish("by-both", "{application: C}")
        #expect(digest("A", "F") == "by-facility")
    }
}
