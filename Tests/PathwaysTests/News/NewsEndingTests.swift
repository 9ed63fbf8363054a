import Pathways
import Testing
import Timekeeping

@Suite("What is not told any more")
struct NewsEndingTests {
    private typealias Story = NewsStory
    private static let asked =
        [Story.admission(), Story.discharge(), Story.planned(Story.plan("f1"), Story.plan("f2"))]
        + [Story.offers("f1", to: [Story.nurse, Story.otherNurse, Story.team])]

    private func news(_ template: String, _ recipient: String, _ followUp: String? = "f1") -> News {
        News(
            key: NewsKey(event: "e", recipient: recipient, template: template, followUp: followUp),
            occurredAt: Example.instant("2026-11-16T14:01:00+01:00"),
            urgency: .routine,
            pathway: Story.stream,
            followUp: followUp,
            answerBy: nil,
            asks: true,
            named: false
        )
    }

    /// Why a pending news ends with an event; nil if it does not.
    private func reason(_ event: PathwayEvent, _ news: News, after story: [PathwayEvent] = asked) throws -> NewsEnding.Reason? {
        var told = try Story(story)
        return try told.ends(event).first { $0.ends(news) }?.reason
    }

    @Test func anAnswerEndsWhatWasAsked() throws {
        let accepted = Story.accepted("f1")
        #expect(try reason(accepted, news("offer-pool", Story.nurse)) == .answered)
        #expect(try reason(accepted, news("offer-pool", Story.otherNurse)) == .superseded)
        #expect(try reason(accepted, news("nobody-to-ask", Story.referent)) == .superseded)
        #expect(try reason(accepted, news("follow-up-overdue", Story.referent)) == nil)
        #expect(try reason(accepted, news("offer-pool", Story.nurse, "f2")) == nil)
        let declined = FollowUpDeclined(followUp: "f1", by: Example.by(Story.members[0]), reason: .absent, team: "nurses-challans")
        #expect(try reason(.followUpDeclined(declined), news("offer-pool", Story.members[1])) == .answered)
        #expect(try reason(.followUpDeclined(declined), news("offer-pool", Story.nurse)) == nil)
        let lapsed = OffersLapsed(at: Example.instant("2026-11-16T16:00:00+01:00"), followUp: "f1", wave: 1, to: [Story.nurse, Story.team])
        #expect(try reason(.offersLapsed(lapsed), news("offer-pool", Story.nurse)) == .lapsed)
        #expect(try reason(.offersLapsed(lapsed), news("offer-pool", Story.members[1])) == .lapsed)
        #expect(try reason(.offersLapsed(lapsed), news("offer-pool", Story.otherNurse)) == nil)
        let done = FollowUpCompleted(followUp: "f1", at: Example.instant("2026-11-17T16:00:00+01:00"), by: Example.by(Story.nurse), outcome: .done)
        #expect(try reason(.followUpCompleted(done), news("follow-up-overdue", Story.referent)) == .answered)
    }

    @Test func anEndEndsWhatWasToldOfIt() throws {
        let withdrawn = Story.withdrawn("f1", .refused, told: [Story.nurse])
        #expect(try reason(withdrawn, news("offer-pool", Story.nurse)) == .withdrawn)
        #expect(try reason(withdrawn, news("offer-pool", Story.nurse, "f2")) == nil)
        let at = Example.instant("2026-11-16T18:00:00+01:00")
        let held = FollowUpsHeld(followUps: ["f1"], at: at, reviewAt: at.adding(days: 7))
        #expect(try reason(.followUpsHeld(held), news("offer-pool", Story.nurse)) == .held)
        let again = SolicitationRestarted(followUp: "f1", at: at, by: Example.by(Story.referent, as: .referent))
        #expect(try reason(.solicitationRestarted(again), news("offer-pool", Story.nurse)) == .superseded)
        let seen = WithdrawalAcknowledged(followUp: "f1", by: Example.by(Story.nurse))
        #expect(try reason(.withdrawalAcknowledged(seen), news("follow-up-withdrawn", Story.nurse)) == .answered)
        #expect(try reason(.withdrawalAcknowledged(seen), news("follow-up-withdrawn", Story.otherNurse)) == nil)
        let moved = PathwayHandedOver(to: "other", reason: .moved, event: "e")
        #expect(try reason(.pathwayHandedOver(moved), news("offer-pool", Story.nurse)) == .moved)
    }

    @Test func aDeathEndsEverything() throws {
        let dead = Story.withdrawn("f2", .deceased, told: [])
        for pending in [news("offer-pool", Story.nurse), news("admission-notice", Story.gp, nil), news("follow-up-overdue", Story.referent, "f2")] {
            #expect(try reason(dead, pending) == .deceased)
            #expect(try reason(Story.discharge(to: .death), pending, after: [Story.admission()]) == .deceased)
        }
    }

    @Test func aDeathLeavesTheWordOfItself() throws {
        for event in [Story.withdrawn("f2", .deceased, told: []), Story.withdrawn("f2", .deceased, told: [Story.nurse])] {
            #expect(try reason(event, news("death-notice", Story.gp, nil)) == nil)
            #expect(try reason(event, news("death-notice-asked", Story.otherNurse, nil)) == nil)
        }
    }

    @Test func whatTheHospitalSaysAnewEndsWhatItSaid() throws {
        let admitted = [Story.admission(), Story.announcement("1", of: "2026-11-16T14:00:00+01:00")]
        let planned = news("planned-discharge", Story.gp, nil)
        #expect(try reason(Story.announcement("2", of: "2026-11-18T14:00:00+01:00"), planned, after: admitted) == .superseded)
        #expect(try reason(Story.cancellation("A1", .dischargeAnnouncement), planned, after: admitted) == .withdrawn)
        #expect(try reason(Story.discharge(), planned, after: admitted) == .superseded)
        let home = [Story.admission(), Story.discharge()]
        #expect(try reason(Story.cancellation("2", .discharge), news("discharge-notice", Story.gp, nil), after: home) == .withdrawn)
        #expect(try reason(Story.cancellation("2", .discharge), news("admission-notice", Story.gp, nil), after: home) == nil)
    }

    @Test func anErasureEndsEverything() throws {
        let happening = Happening(
            .streamErased(StreamErased(erasure: "x")),
            id: "e",
            recordedAt: Example.instant("2026-11-16T18:00:00+01:00"),
            stream: Story.stream
        )
        let endings = try Story.table().endings(of: happening, in: TerritoryState())
        #expect(endings == [NewsEnding(pathway: Story.stream, reason: .erased)])
        #expect(endings.allSatisfy { $0.ends(news("offer-pool", Story.nurse)) })
    }
}
