import Pathways
import Testing

@testable import Projections
@testable import Web

@Suite struct ToDoPageTests {
    @Test func bucketsCountAsTheListDoes() throws {
        let page = try Mocks.nurse()
        #expect(
            page.sections.map(\.title)
                == ["En retard", "À accepter", "Votre équipe", "Aujourd’hui", "À venir", "En attente : réhospitalisation", "À savoir"]
        )
        #expect(page.sections.map(\.count) == [2, 2, 1, 2, 1, 1, 1])
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
        #expect(owned.accept?.label == "Prendre en charge" && owned.done != nil && owned.decline == nil && owned.askAgain == nil)
        #expect(accepted.report?.signs.count == AlertSign.allCases.count && offered.report == nil)
        let team = try #require(forms["s-f8"])
        #expect(team.accept?.label == "Je prends" && team.accept?.forTeam == "marais" && team.decline?.forTeam == "marais")
        let held = try #require(forms["s-f9"])
        #expect(held == FollowUpForms(key: team.key), "what waits asks nothing of anybody")
        let left = try #require(forms["s-r4"])
        #expect(left.askAgain?.action == "/a-faire/r4/solliciter" && left.accept != nil)
    }

    @Test func whatNobodyTookSaysWhyAndWhoWasTold() throws {
        let row = try #require(try Mocks.referent().sections.flatMap(\.cards).flatMap(\.rows).first { $0.anchor == "s-r4" })
        #expect(row.coverage == "Tout le monde a été sollicité.")
        #expect(row.escalation?.hasPrefix("Échéance passée") == true && row.escalation?.contains("Camille Moreau") == true)
        #expect(row.asked?.lines.map(\.name) == ["Nicolas Arnaud"])
    }

    @Test func whatIsOnHoldHasNoDeadline() throws {
        let row = try #require(try Mocks.nurse().sections.flatMap(\.cards).flatMap(\.rows).first { $0.anchor == "s-f9" })
        #expect(row.status.word == "En attente : réhospitalisation" && row.dueBy == nil)
    }

    @Test func whatWasSeenStandsWithIt() throws {
        let row = try #require(try Mocks.nurse().sections.flatMap(\.cards).flatMap(\.rows).first { $0.anchor == "s-f10" })
        #expect(row.reported?.hasPrefix("Signe signalé : essoufflement, par Valérie Potier") == true)
    }

    @Test(arguments: RuleTrigger.allCases)
    func windowsSayWhatTheyCountFrom(trigger: RuleTrigger) throws {
        for text in ["J0", "J0+1d", "J0+7d", "J0+1h", "J0+48h", "J0-1d", "J0-2d", "J0-4h"] {
            let words = try #require(WindowEdge(text)).frenchName(for: trigger)
            #expect(
                words.contains(
                    text.contains("-") ? (text == "J0-1d" ? "veille" : "avant") : text == "J0" ? "jour" : text == "J0+1d" ? "lendemain" : "après"
                )
            )
            #expect(!words.contains("-"))
        }
        #expect(try #require(WindowEdge("J0-2d")).frenchName(for: .dischargePlanned) == "2 jours avant la sortie prévue")
        #expect(try #require(WindowEdge("J0+2h")).frenchName(for: .alertSign) == "2 heures après le signalement")
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
        #expect(row.why.hasPrefix("Demandé par le protocole « Retour à domicile », version 2 : au plus tard 48 heures après la sortie. Source : HAS"))
        #expect(row.whyYou == "C’est une commune où vous intervenez : Challans.")
        let library = try Mocks.library()
        let other = WhySentence.rule(protocolID: "plain-home-discharge", rule: "nurse-first-visit", version: 9, in: library)
        #expect(other == "Demandé par le protocole « Retour à domicile », dans sa version 9.")
    }

    @Test(
        arguments: [
            "referent-role", "nobody-on-duty", Assignment.everybodyAsked, "unit-without-contact", "declared-not-in-directory", "declared-absent",
            "nobody-covers-commune",
        ]
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
