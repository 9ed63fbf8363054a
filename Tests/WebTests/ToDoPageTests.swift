import Pathways
import Testing

@testable import Projections
@testable import Web

@Suite struct ToDoPageTests {
    @Test func bucketsCountAsTheListDoes() throws {
        let page = try Mocks.nurse()
        #expect(page.sections.map(\.title) == ["En retard", "À accepter", "Aujourd’hui", "À venir", "À savoir"])
        #expect(page.sections.map(\.count) == [2, 2, 1, 1, 1])
        for section in page.sections { #expect(section.count == section.cards.flatMap(\.rows).count) }
    }

    @Test func onePatientIsOneCard() throws {
        let late = try #require(try Mocks.nurse().sections.first)
        #expect(late.cards.count == 1)
        #expect(late.cards[0].heading == "Garnier Solange")
        #expect(late.cards[0].rows.map(\.anchor) == ["s-f1", "s-f2"], "the priority stands before the date")
    }

    @Test func aPoolOfferShowsNoIdentityAndNoLink() throws {
        let cards = try #require(try Mocks.nurse().sections.first { $0.id == "a-accepter" }).cards
        let anonymous = try #require(cards.first { !$0.isNamed })
        #expect(anonymous.heading == "Patient·e, Challans")
        #expect(anonymous.link == nil)
        #expect(anonymous.identity == nil && anonymous.phone == nil && anonymous.address == nil)
        #expect(anonymous.rows.allSatisfy { $0.forms.accept?.action.contains(anonymous.rows[0].anchor.dropFirst(2)) == true })
        #expect(cards.first { $0.isNamed }?.link == "/parcours/2f0e0d0c0b0a09080706050403020100")
    }

    @Test func aNamelessFollowUpNeverStandsOnANamedCard() throws {
        let now = try Mocks.instant("2026-11-22T09:00:00+01:00")
        let items = [try Mocks.item("a", .offered, now: now, patient: Mocks.solange), try Mocks.item("b", .offered, now: now)]
        let page = ToDoPage(Mocks.list(items, now: now), try Mocks.surroundings())
        #expect(page.sections.flatMap(\.cards).map(\.rows.count) == [1, 1])
    }

    @Test func eachKindHasItsForms() throws {
        let rows = try [Mocks.nurse(), Mocks.referent()].flatMap { $0.sections }.flatMap { $0.cards }.flatMap { $0.rows }
        let forms = Dictionary(uniqueKeysWithValues: rows.map { ($0.anchor, $0.forms) })
        let accepted = try #require(forms["s-f1"])
        #expect(accepted.done != nil && accepted.decline?.label == "Rendre" && accepted.accept == nil)
        let offered = try #require(forms["s-f3"])
        #expect(offered.accept?.label == "Accepter" && offered.decline?.label == "Décliner" && offered.done == nil)
        #expect(offered.decline?.reasons.count == DeclineReason.allCases.count)
        #expect((offered.decline?.reasons.count ?? 0) <= 6)
        let notice = try #require(forms["s-f7"])
        #expect(notice.seen != nil && notice.accept == nil && notice.decline == nil && notice.done == nil)
        let owned = try #require(forms["s-r1"])
        #expect(owned.accept?.label == "Prendre en charge" && owned.done != nil && owned.decline == nil)
    }

    @Test func whatIsLateStaysActionable() throws {
        let now = try Mocks.instant("2028-01-01T09:00:00+01:00")
        let items = [
            try Mocks.item("a", .accepted, now: now, patient: Mocks.solange),
            try Mocks.item("b", .offered, now: now, answerBy: "2026-11-23T09:00:00+01:00"),
        ]
        let rows = ToDoPage(Mocks.list(items, now: now), try Mocks.surroundings()).sections.flatMap(\.cards).flatMap(\.rows)
        #expect(rows.map(\.status.word) == ["En retard", "En retard"])
        #expect(rows.allSatisfy { $0.forms.done != nil || $0.forms.accept != nil })
    }

    @Test func whySaysTheProtocolTheRuleAndTheReader() throws {
        let row = try #require(try Mocks.nurse().sections.flatMap(\.cards).flatMap(\.rows).first { $0.anchor == "s-f3" })
        #expect(row.why.hasPrefix("Demandé par le protocole « Retour à domicile », version 1 : au plus tard 48 heures après la sortie. Source : HAS"))
        #expect(row.whyYou == "C’est une commune où vous intervenez : Challans.")
        let library = try Mocks.library()
        let other = WhySentence.rule(protocolID: "plain-home-discharge", rule: "nurse-first-visit", version: 9, in: library)
        #expect(other == "Demandé par le protocole « Retour à domicile », dans sa version 9.")
    }

    @Test(
        arguments: ["referent-role", "unit-without-contact", "declared-not-in-directory", "declared-absent", "nobody-covers-commune"]
            + ResolutionReason.allCases.map(\.code)
    )
    func everyReasonHasWords(code: String) {
        #expect(!AssignmentWords.reason(code).contains(code))
    }

    @Test func declineSaysWhoComesNext() throws {
        let plan = PlannedFollowUp(
            id: "f",
            rule: RuleReference(followUpProtocol: "p", rule: "r"),
            protocolVersion: 1,
            role: .nurse,
            title: "T",
            priority: .high,
            dueFrom: try Mocks.instant("2026-11-22T08:30:00Z"),
            dueBy: try Mocks.instant("2026-11-24T08:30:00Z"),
            answerWithinMinutes: 60,
            movement: MovementID(authority: "a", value: "m")
        )
        let at = try Mocks.instant("2026-11-22T09:00:00Z")
        func next(asked: [String], order: [String]) -> NextAsked? {
            let solicitation = OffersMade.Solicitation(
                followUp: "f",
                wave: 1,
                to: asked,
                until: at,
                assignment: Assignment(basis: .coverage, order: order)
            )
            var pathway = Pathway()
            pathway.evolve(with: .followUpsPlanned(FollowUpsPlanned(followUps: [plan])))
            pathway.evolve(with: .offersMade(OffersMade(at: at, solicitations: [solicitation], directoryVersion: 1)))
            return pathway.followUp("f").map { NextAsked($0, declining: "me", referent: "Camille Moreau") { ["you": "Valérie Potier"][$0] } }
        }
        #expect(next(asked: ["me", "you"], order: ["me", "you"]) == .othersAreAsked)
        #expect(next(asked: ["me"], order: ["me", "you"]) == .professional("Valérie Potier"))
        #expect(next(asked: ["me"], order: ["me"]) == .referent("Camille Moreau"))
        #expect(next(asked: ["me"], order: ["me", "gone"]) == .referent("Camille Moreau"))
    }

    @Test(arguments: [("0261910044", "02 61 91 00 44", "0261910044"), ("+33 2 61 91 00 44", "+33 2 61 91 00 44", "+33261910044"), ("15", "15", "15")])
    func phoneNumbers(number: String, text: String, dial: String) {
        let phone = PhoneNumber(number)
        #expect(phone.text.replacing("\u{A0}", with: " ") == text)
        #expect(phone.dial == dial)
    }
}
