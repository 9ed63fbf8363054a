import Pathways
import Testing
import Timekeeping

@Suite("A death is one sober notice a person, and the last")
struct DeathNewsTests {
    private typealias Story = NewsStory
    private static let followed =
        [Story.admission(), Story.discharge(), Story.planned(Story.plan("f1"), Story.plan("f2"), Story.plan("f3"))]
        + [Story.accepted("f1"), Story.accepted("f2"), Story.offers("f3", to: [Story.otherNurse])]

    private func deaths() -> PathwayEvent {
        .followUpsWithdrawn(
            FollowUpsWithdrawn(withdrawals: [
                .init(followUp: "f1", reason: .deceased, told: [Story.nurse]), .init(followUp: "f2", reason: .deceased, told: [Story.nurse]),
                .init(followUp: "f3", reason: .deceased, told: [Story.otherNurse]),
            ])
        )
    }

    @Test func ofWhatIsWithdrawn() throws {
        var story = try Story(Self.followed)
        let told = try story.happens(deaths(), isDeceased: true)
        #expect(told == ["nurse death-notice", "other-nurse death-notice-asked unnamed"])
        story = try Story(Self.followed)
        #expect(try story.happens(deaths(), isDeceased: true, toldOfDeath: [Story.nurse]).count == 1, "told in another pathway")
    }

    @Test func inHospitalTheCircleIsToldAndWhoHasSomethingPendingByItsEnd() throws {
        var story = try Story([Story.admission(), Story.planned(Story.plan("f1", role: .pharmacist)), Story.accepted("f1", Story.pharmacist)])
        #expect(try story.happens(Story.discharge(to: .death)) == ["gp death-notice"])
        #expect(try story.happens(Story.withdrawn("f1", .deceased, told: [Story.pharmacist])) == ["pharmacist death-notice"])
    }

    @Test func nothingElseIsToldAfterwards() throws {
        var story = try Story(Self.followed)
        let events: [PathwayEvent] = [
            Story.offers("f3", to: [Story.nurse]), Story.escalated("f1", .overdue, to: [Story.referent]),
            Story.cancellation("2", .discharge),
            .alertSignReported(AlertSignReported(report: "A", at: story.now, by: Example.by(Story.nurse), sign: .pain, called: [])),
            .pradoLeft(PradoLeft(at: story.now, by: Example.by(Story.nurse))),
        ]
        for event in events {
            let told = try story.happens(event, isDeceased: true)
            #expect(told.isEmpty, "\(event)")
        }
        // Closed by hand before the planner looked: it is the death that is told.
        #expect(try story.happens(Story.withdrawn("f1", .refused, told: [Story.nurse]), isDeceased: true) == ["nurse death-notice"])
    }

    @Test func aDeathTakenBackIsToldToWhoeverWasTold() throws {
        var story = try Story([Story.admission(), Story.discharge(to: .death)])
        let told = try story.happens(Story.cancellation("2", .discharge))
        #expect(told == ["gp death-taken-back urgent", "pharmacist death-taken-back urgent"])
        #expect(try Story.table().presupposed(by: "death-taken-back") == ["death-notice", "death-notice-asked"])
        // Stated of the patient and not of the visit: known by what is planned again.
        story = try Story(Self.followed + [deaths()])
        let again = try story.happens(Story.planned(Story.plan("f1")))
        #expect(again == ["nurse death-taken-back urgent", "other-nurse death-taken-back urgent unnamed"])
    }
}
