import Pathways
import Timekeeping

/// The events that invented stories are made of: a stay of six days, a discharge two hours ago, two follow-ups.
struct SampleEvents {
    let cast: SampleCast
    let now: Instant

    /// Templates that are told of one follow-up.
    static let ofFollowUps: Set<String> = [
        "offer-named", "offer-pool", "home-return-missing", "referent-task", "nobody-to-ask", "follow-up-rescheduled", "offer-rescheduled",
        "follow-up-withdrawn", "offer-withdrawn", "follow-up-held", "follow-up-resumed", "follow-up-given-back", "follow-up-not-done",
        "follow-up-due-soon", "follow-up-overdue", "follow-up-held-for-long", "prescription-missing",
    ]

    /// What comes before, and the event that is told; that one is nil where it is in another stream than the pathway's.
    func story(of template: String) -> (before: [PathwayEvent], told: PathwayEvent?)? {
        let planned = [admission, discharge(), plans()]
        let asked = planned + [offers(to: [cast.nurse], .coverage)]
        let accepted = asked + [.followUpAccepted(FollowUpAccepted(followUp: id, at: at(-1), by: by(cast.nurse)))]
        switch template {
        case "offer-named": return (planned, offers(to: [cast.nurse], .declared))
        case "offer-pool": return (planned, offers(to: [cast.nurse], .coverage))
        case "home-return-missing", "referent-task":
            let trigger: RuleTrigger = template == "referent-task" ? .discharge : .homeReturnMissing
            return ([admission, discharge(), plans(role: .referent, trigger)], offers(to: [], .none, reason: "referent-role"))
        case "nobody-to-ask": return (planned, offers(to: [], .none, reason: "nobody-covers-commune"))
        case "follow-up-rescheduled": return (accepted, plans(later: 24))
        case "offer-rescheduled": return (asked, plans(later: 24))
        case "death-notice": return (accepted, withdrawal(.deceased))
        case "death-notice-asked": return (asked, withdrawal(.deceased))
        case "follow-up-withdrawn": return (accepted, withdrawal(.followedElsewhere))
        case "offer-withdrawn": return (asked, withdrawal(.dischargeChanged))
        case "follow-up-held": return (accepted, .followUpsHeld(FollowUpsHeld(followUps: [id], at: now, reviewAt: at(72))))
        case "follow-up-resumed": return (accepted, .followUpsResumed(FollowUpsResumed(followUps: [id], at: now)))
        case "follow-up-given-back":
            return (accepted, .followUpDeclined(FollowUpDeclined(followUp: id, by: by(cast.nurse), reason: .absent, givenBack: true)))
        case "follow-up-not-done":
            return (accepted, .followUpCompleted(FollowUpCompleted(followUp: id, at: now, by: by(cast.nurse), outcome: .patientAbsent)))
        case "follow-up-due-soon": return (accepted, escalation(.dueSoon))
        case "follow-up-overdue": return (asked, escalation(.overdue))
        case "follow-up-held-for-long": return (accepted, escalation(.heldForLong))
        case "message-undeliverable": return (planned, nil)
        default: return stay(template) ?? report(template, after: planned)
        }
    }

    private func stay(_ template: String) -> (before: [PathwayEvent], told: PathwayEvent?)? {
        switch template {
        case "death-taken-back": ([admission, discharge(to: .death)], correction(to: .home))
        case "admission-notice": ([], admission)
        case "admission-cancelled": ([admission], cancellation("1", .admission))
        case "planned-discharge": ([admission], expectation(26))
        case "planned-discharge-changed": ([admission, expectation(26)], expectation(50))
        case "planned-discharge-taken-back": ([admission, announcement], cancellation("3", .dischargeAnnouncement))
        case "discharge-notice": ([admission], discharge())
        case "discharge-corrected": ([admission, discharge()], correction(to: .ehpad))
        case "discharge-cancelled": ([admission, discharge()], cancellation("2", .discharge))
        case "patient-corrected": ([admission, discharge()], reassignment)
        default: nil
        }
    }
}
