import Pathways
import Testing
import Timekeeping

@Suite("Who is told of a follow-up, and as what")
struct FollowUpNewsTests {
    private typealias Story = NewsStory
    private static let home = [Story.admission(), Story.discharge()]

    @Test func whoIsAskedAloneReadsTheNameAndThePoolDoesNot() throws {
        var story = try Story(Self.home + [Story.planned(Story.plan("f1"))])
        let asked = try story.happens(Story.offers("f1", to: [Story.nurse], basis: .declared))
        #expect(asked == ["nurse offer-named asks reminded"])
        let pool = try story.happens(Story.offers("f1", to: [Story.nurse, Story.otherNurse]))
        #expect(pool == ["nurse offer-pool unnamed asks reminded", "other-nurse offer-pool unnamed asks reminded"])
        // A later wave of an order that began with their own professional is a pool too.
        let mixed = try story.happens(Story.offers("f1", to: [Story.nurse, Story.otherNurse], basis: .circle, alone: 1))
        #expect(mixed == ["nurse offer-named asks reminded", "other-nurse offer-pool unnamed asks reminded"])
    }

    @Test func aTeamIsEachMemberWhoIsThere() throws {
        var story = try Story(Self.home + [Story.planned(Story.plan("f1", .urgent))])
        let all = try story.happens(Story.offers("f1", to: [Story.team]))
        #expect(all == Story.members.map { "\($0) offer-pool urgent unnamed asks reminded" })
        let christmas = try story.happens(Story.offers("f1", to: [Story.team]), at: "2026-12-25T10:00:00+01:00")
        #expect(christmas.count == 5 && !christmas.contains { $0.hasPrefix("99999000534") })
    }

    @Test func whereNobodyIsAskedTheReferentIs() throws {
        var story = try Story(
            Self.home + [
                Story.planned(
                    Story.plan("f1"),
                    Story.plan("f2", role: .referent, .urgent, trigger: .homeReturnMissing),
                    Story.plan("f3", role: .referent)
                )
            ]
        )
        #expect(try story.happens(Story.offers("f1", to: [], basis: .none)) == ["referent nobody-to-ask asks"])
        #expect(try story.happens(Story.offers("f2", to: [], basis: .none)) == ["referent home-return-missing urgent asks"])
        #expect(try story.happens(Story.offers("f3", to: [], basis: .none)) == ["referent referent-task asks"])
    }

    @Test func anEscalationIsToldToWhomItNamesElseToTheReferent() throws {
        var story = try Story(Self.home + [Story.planned(Story.plan("f1")), Story.accepted("f1")])
        #expect(try story.happens(Story.escalated("f1", .dueSoon, to: [Story.nurse])) == ["nurse follow-up-due-soon"])
        let overdue = try story.happens(Story.escalated("f1", .overdue, to: [Story.unit, Story.referent]))
        #expect(overdue == ["referent follow-up-overdue", "unit follow-up-overdue"])
        #expect(try story.happens(Story.escalated("f1", .heldForLong, to: [])) == ["referent follow-up-held-for-long"])
    }

    @Test(arguments: [
        ("2026-11-17T08:00:00+01:00", "nurse follow-up-withdrawn urgent"), ("2026-11-19T08:00:00+01:00", "nurse follow-up-withdrawn"),
    ])
    func whoAcceptedIsToldOfTheEndAtOnceIfTheyMayBeOnTheWay(from: String, line: String) throws {
        var story = try Story(Self.home + [Story.planned(Story.plan("f1", from: from)), Story.accepted("f1")])
        #expect(try story.happens(Story.withdrawn("f1", .dischargeCancelled, told: [Story.nurse])) == [line])
    }

    /// The event names professionals only: a team's queue simply loses it, but its members were told of the offer.
    @Test(arguments: [WithdrawalReason.refused, .deceased])
    func theMembersOfATeamThatWasAskedHearOfTheEnd(_ reason: WithdrawalReason) throws {
        var story = try Story(Self.home + [Story.planned(Story.plan("f1")), Story.offers("f1", to: [Story.team])])
        let told = try story.happens(Story.withdrawn("f1", reason, told: []), isDeceased: reason == .deceased)
        let template = reason == .deceased ? "death-notice-asked" : "offer-withdrawn"
        #expect(told == Story.members.map { "\($0) \(template) unnamed" })
        // Of somebody who took it they have heard already.
        story = try Story(Self.home + [Story.planned(Story.plan("f1")), Story.offers("f1", to: [Story.team]), Story.accepted("f1")])
        #expect(try story.happens(Story.withdrawn("f1", .refused, told: [Story.nurse])).map { $0.split(separator: " ")[0] } == ["nurse"])
    }

    @Test func whoWasMerelyAskedIsToldOnlyIfTheyHadHeard() throws {
        let table = try Story.table()
        var story = try Story(Self.home + [Story.planned(Story.plan("f1")), Story.offers("f1", to: [Story.nurse])])
        #expect(try story.happens(Story.withdrawn("f1", .refused, told: [Story.nurse])) == ["nurse offer-withdrawn unnamed"])
        #expect(table.presupposed(by: "offer-withdrawn").isSuperset(of: ["offer-named", "offer-pool"]))
        #expect(table.presupposed(by: "follow-up-withdrawn").isEmpty)
    }

    @Test func holdAndResumptionAreForWhomeverAccepted() throws {
        var story = try Story(
            Self.home + [Story.planned(Story.plan("f1"), Story.plan("f2", from: "2026-11-16T08:00:00+01:00"), Story.plan("f3"))]
                + [Story.accepted("f1"), Story.accepted("f2", Story.otherNurse)]
        )
        let at = Example.instant("2026-11-16T18:00:00+01:00")
        let ids = ["f1", "f2", "f3"]
        let held = try story.happens(.followUpsHeld(FollowUpsHeld(followUps: ids, at: at, reviewAt: at.adding(days: 7))))
        #expect(held == ["nurse follow-up-held", "other-nurse follow-up-held urgent"])
        let resumed = try story.happens(.followUpsResumed(FollowUpsResumed(followUps: ids, at: at)))
        #expect(resumed == ["nurse follow-up-resumed", "other-nurse follow-up-resumed urgent"])
    }

    @Test func anotherTimeIsToldToOwnerOrAsked() throws {
        var story = try Story(
            Self.home + [Story.planned(Story.plan("f1"), Story.plan("f2"), Story.plan("f3")), Story.accepted("f1")]
                + [Story.offers("f2", to: [Story.otherNurse])]
        )
        let later = "2026-11-19T08:00:00+01:00"
        let moved = try story.happens(Story.planned(Story.plan("f1", from: later), Story.plan("f2", from: later), Story.plan("f3", from: later)))
        #expect(moved == ["nurse follow-up-rescheduled", "other-nurse offer-rescheduled unnamed"])
        #expect(try story.happens(Story.planned(Story.plan("f1", from: later))).isEmpty, "the same time is no news")
    }

    @Test func whatComesBackIsForTheReferent() throws {
        var story = try Story(Self.home + [Story.planned(Story.plan("f1", .urgent), Story.plan("f2")), Story.accepted("f1")])
        let back = FollowUpDeclined(followUp: "f1", by: Example.by(Story.nurse), reason: .noCapacity, givenBack: true)
        #expect(try story.happens(.followUpDeclined(back)) == ["referent follow-up-given-back urgent"])
        let declined = FollowUpDeclined(followUp: "f2", by: Example.by(Story.nurse), reason: .noCapacity)
        #expect(try story.happens(.followUpDeclined(declined)).isEmpty)
        func done(_ outcome: FollowUpOutcome) -> PathwayEvent {
            .followUpCompleted(FollowUpCompleted(followUp: "f2", at: story.now, by: Example.by(Story.nurse), outcome: outcome))
        }
        #expect(try story.happens(done(.done)).isEmpty)
        #expect(try story.happens(done(.patientAbsent)) == ["referent follow-up-not-done"])
    }

    @Test func whoStandsInIsToldToo() throws {
        var story = try Story(Self.home + [Story.planned(Story.plan("f1", role: .attendingGP)), Story.accepted("f1", Story.absentGP)])
        let told = try story.happens(Story.escalated("f1", .overdue, to: [Story.absentGP]), at: "2026-12-22T09:00:00+01:00")
        #expect(told == ["absent-gp follow-up-overdue", "gp follow-up-overdue"])
        #expect(try story.happens(Story.escalated("f1", .overdue, to: [Story.absentGP]), at: "2027-01-05T09:00:00+01:00").count == 1)
    }

    @Test func whatProfessionalsSay() throws {
        var story = try Story(Self.home + [Story.planned(Story.plan("f1")), Story.accepted("f1")])
        let by = Example.by(Story.nurse)
        let alert = AlertSignReported(report: "A1", at: story.now, by: by, sign: .fever, called: [])
        #expect(try story.happens(.alertSignReported(alert)) == ["gp alert-sign urgent", "referent alert-sign"])
        let missing = PrescriptionMissing(report: "P1", at: story.now, by: Example.by(Story.pharmacist), followUp: "f1")
        #expect(try story.happens(.prescriptionMissing(missing)) == ["nurse prescription-missing", "unit prescription-missing urgent"])
        let obtained = PrescriptionObtained(report: "P1", at: story.now, by: Example.by(Story.unit))
        let told = try story.happens(.prescriptionObtained(obtained))
        #expect(told == ["nurse prescription-obtained", "pharmacist prescription-obtained"])
        #expect(try story.happens(.careRefused(CareRefused(at: story.now, by: by, followUps: ["f1"]))) == ["referent care-refused"])
        let all = try story.happens(.careRefused(CareRefused(at: story.now, by: by, followUps: [])))
        #expect(all == ["gp care-refused", "referent care-refused"])
        #expect(try story.happens(.refusalTakenBack(RefusalTakenBack(at: story.now, by: by))) == ["referent refusal-taken-back"])
        let prado = try story.happens(.pradoEnrolled(PradoEnrolled(at: story.now, by: Example.by(Story.referent, as: .referent))))
        #expect(prado == ["gp prado-enrolled"], "who did it knows")
        #expect(try story.happens(.pradoLeft(PradoLeft(at: story.now, by: by))) == ["referent prado-left"])
    }

    /// The rule that calls back after an alert sign asks the doctor, and the unit is asked for a prescription: they hear it once.
    @Test func theOfferWins() throws {
        var story = try Story(Self.home, protocols: true)
        let alert = AlertSignReported(report: "A1", at: story.now, by: Example.by(Story.nurse), sign: .fever, called: [])
        #expect(try story.happens(.alertSignReported(alert)) == ["referent alert-sign"])
        let missing = PrescriptionMissing(report: "P1", at: story.now, by: Example.by(Story.pharmacist))
        #expect(try story.happens(.prescriptionMissing(missing)).isEmpty)
    }

    @Test func aMessageThatReachesNobodyIsToldToTheReferent() throws {
        let table = try Story.table()
        let territory = try Story.territory(protocols: false)
        func news(told: String?, pathways: [String?]) -> [News] {
            let body = MessageUndeliverable(
                recipient: Story.nurse,
                message: RecipientSamples.message,
                items: pathways.map { ToldItem(event: "e", template: "offer-named", pathway: $0) },
                tried: [.sms],
                reason: .expired,
                told: told,
                at: Example.instant("2026-11-19T14:01:00+01:00")
            )
            let at = Example.instant("2026-11-19T14:02:00+01:00")
            return table.news(for: Happening(.messageUndeliverable(body), id: "e9", recordedAt: at, stream: "cd"), in: territory)
        }
        let told = news(told: Story.referent, pathways: ["ab", "ab"])
        #expect(told.map(Story.line) == ["referent message-undeliverable urgent"] && told.first?.pathway == "ab")
        #expect(news(told: Story.referent, pathways: ["ab", nil]).first?.pathway == nil)
        #expect(news(told: nil, pathways: ["ab"]).isEmpty)
    }
}
