import Pathways
import Testing

/// What was read of the shipped table, word for word: a change of who is told what is seen here, and meant.
@Suite("The table of news, as it is read")
struct NewsTableTests {
    private func text(_ row: NewsRow) -> String {
        let roles = row.roles?.map(\.rawValue).sorted().joined(separator: " ") ?? "all"
        let audience = row.to == .circle ? "circle(\(roles))" : row.to.rawValue
        let words = [
            row.asks ? "asks" : "", row.reminds ? "reminds" : "", list("unless", row.unlessAskedFor.map(\.rawValue)),
            list("after", row.onlyAfter),
        ]
        let told = ([row.template, row.urgency.rawValue] + words.filter { !$0.isEmpty }).joined(separator: " ")
        return "\(events(row.events, row.when)) → \(audience): \(told)"
    }

    private func text(_ row: NewsEndingRow) -> String {
        let templates = row.templates.map { $0.sorted().joined(separator: " ") } ?? "all"
        return "\(events(row.events, row.when)) for \(row.audience.rawValue): \(templates) \(row.reason.rawValue)"
    }

    private func events(_ events: Set<String>, _ when: NewsCondition?) -> String {
        (events.count > 10 ? "movements" : events.sorted().joined(separator: " ")) + (when.map { " [\($0.rawValue)]" } ?? "")
    }

    private func list(_ word: String, _ values: some Collection<String>) -> String {
        values.isEmpty ? "" : "\(word) \(values.sorted().joined(separator: " "))"
    }

    @Test func isReadAsItWasMeant() throws {
        let table = try NewsTable.shipped()
        let lines = table.rows.map(text) + ["--"] + table.endings.map(text)
        for (line, expected) in zip(lines, Self.golden) { #expect(line == expected) }
        #expect(lines.count == Self.golden.count)
    }

    @Test func everyConditionHasARowOrAnEnding() throws {
        let table = try NewsTable.shipped()
        #expect(Set(table.rows.compactMap(\.when) + table.endings.compactMap(\.when)) == Set(NewsCondition.allCases))
        #expect(Set(table.rows.map(\.to)) == Set(NewsRow.Audience.allCases))
        #expect(Set(table.endings.map(\.reason)) == Set(NewsEnding.Reason.allCases))
    }

    @Test func whatMayBeMutedIsRoutineAndAsksNothing() throws {
        let table = try NewsTable.shipped()
        #expect(table.mutableTemplates.contains("admission-notice") && !table.mutableTemplates.contains("offer-named"))
        #expect(table.mutableTemplates.isDisjoint(with: table.askingTemplates) && table.askingTemplates.isSubset(of: table.templates))
        #expect(table.concerns(type: OffersMade.type) && table.concerns(type: MessageUndeliverable.type))
        #expect(!table.concerns(type: FollowUpNoted.type) && !table.concerns(type: PatientIdentified.type))
    }

    @Test(arguments: [
        ("when: named-offer", "when: named", "16:32: news[0].when"), ("to: reporter", "to: everybody", "news[38].to"),
        ("version: 1", "version: one", "13:10: version"), ("for: actor", "for: some", "endings[6].for"),
    ])
    func tellsThePlace(old: String, new: String, place: String) throws {
        let problems = Shipped.problems(of: BundledFiles.notifications.replacing(old, with: new, maxReplacements: 1), as: "notifications.yaml")
        #expect(problems.first?.description.contains(place) == true, "\(problems)")
    }

    private static let golden = """
        offers-made [named-offer] → asked: offer-named as-follow-up asks reminds
        offers-made [pool-offer] → asked: offer-pool as-follow-up asks reminds
        offers-made [home-return-missing] → referent: home-return-missing as-follow-up asks
        offers-made [referent-task] → referent: referent-task as-follow-up asks
        offers-made [nobody-left] → referent: nobody-to-ask as-follow-up asks
        follow-ups-planned [rescheduled-accepted] → owner: follow-up-rescheduled as-follow-up
        follow-ups-planned [rescheduled-offered] → asked: offer-rescheduled as-follow-up after offer-named offer-pool
        follow-ups-withdrawn [deceased] → told: death-notice routine
        follow-ups-withdrawn [deceased-asked] → told: death-notice-asked routine after offer-named offer-pool
        follow-ups-withdrawn [withdrawn-accepted-soon] → told: follow-up-withdrawn urgent
        follow-ups-withdrawn [withdrawn-accepted] → told: follow-up-withdrawn routine
        follow-ups-withdrawn [withdrawn-offered] → told: offer-withdrawn routine after offer-named offer-pool offer-rescheduled
        follow-ups-held [accepted-soon] → owner: follow-up-held urgent
        follow-ups-held [accepted] → owner: follow-up-held routine
        follow-ups-resumed [accepted-soon] → owner: follow-up-resumed urgent
        follow-ups-resumed [accepted] → owner: follow-up-resumed routine
        follow-up-declined [given-back] → referent: follow-up-given-back as-follow-up
        follow-up-completed [not-done] → referent: follow-up-not-done as-follow-up
        follow-up-escalated [due-soon] → told: follow-up-due-soon as-follow-up
        follow-up-escalated [overdue] → told: follow-up-overdue as-follow-up
        follow-up-escalated [held-for-long] → told: follow-up-held-for-long routine
        movements [death] → circle(all): death-notice routine
        movements [death-taken-back] → circle(all): death-taken-back urgent after death-notice death-notice-asked
        follow-ups-planned movement-cancelled movement-corrected [death-taken-back] → told: death-taken-back urgent after death-notice death-notice-asked
        movements [stay-begins] → circle(attending-gp pharmacist): admission-notice routine unless admission
        movements [newly-declared] → circle(attending-gp pharmacist): admission-notice routine unless admission
        movements [admission-cancelled] → circle(all): admission-cancelled routine unless admission admission-planned discharge discharge-planned home-return-missing after admission-notice discharge-corrected discharge-notice offer-named offer-pool planned-discharge planned-discharge-changed
        discharge-announced discharge-planned movement-cancelled movement-corrected [planned-discharge-first] → circle(attending-gp pharmacist): planned-discharge routine unless discharge-planned
        discharge-announced discharge-planned movement-cancelled movement-corrected [planned-discharge-changed] → circle(all): planned-discharge-changed routine unless discharge-planned
        movements [planned-discharge-taken-back] → circle(all): planned-discharge-taken-back routine unless discharge-planned after offer-named offer-pool planned-discharge planned-discharge-changed
        movements [discharged] → circle(attending-gp pharmacist): discharge-notice routine unless discharge
        movements [discharge-corrected] → circle(all): discharge-corrected routine unless discharge home-return-missing
        movements [discharge-cancelled] → circle(all): discharge-cancelled routine unless discharge home-return-missing after discharge-corrected discharge-notice offer-named offer-pool planned-discharge planned-discharge-changed
        pathway-reassigned → involved: patient-corrected urgent
        alert-sign-reported → circle(attending-gp): alert-sign urgent unless alert-sign
        alert-sign-reported → referent: alert-sign routine
        prescription-missing → discharging-unit: prescription-missing urgent unless prescription-missing
        prescription-missing → owner: prescription-missing routine
        prescription-obtained → reporter: prescription-obtained routine
        prescription-obtained → owner: prescription-obtained routine
        care-refused → referent: care-refused routine
        care-refused [refuses-all] → circle(attending-gp): care-refused routine
        refusal-taken-back → referent: refusal-taken-back routine
        prado-enrolled → circle(attending-gp): prado-enrolled routine
        prado-enrolled → referent: prado-enrolled routine
        prado-left → referent: prado-left routine
        pathway-handed-over → referent: pathway-handed-over routine
        pathway-handed-over → circle(attending-gp pharmacist): pathway-handed-over routine
        pathway-taken-over → referent: pathway-taken-over routine
        message-undeliverable → told: message-undeliverable urgent
        --
        stream-erased for everybody: all erased
        movements [death] for everybody: all deceased
        follow-ups-withdrawn [deceased] for everybody: all deceased
        follow-ups-planned movement-cancelled movement-corrected [death-taken-back] for everybody: death-notice death-notice-asked withdrawn
        pathway-handed-over for everybody: all moved
        pathway-reassigned for everybody: all withdrawn
        follow-up-accepted for actor: home-return-missing nobody-to-ask offer-named offer-pool referent-task answered
        follow-up-accepted for everybody: home-return-missing nobody-to-ask offer-named offer-pool referent-task superseded
        follow-up-declined [given-back] for actor: all superseded
        follow-up-declined for asked: home-return-missing nobody-to-ask offer-named offer-pool referent-task answered
        follow-up-completed for everybody: all answered
        offers-lapsed for asked: home-return-missing nobody-to-ask offer-named offer-pool referent-task lapsed
        solicitation-restarted for everybody: home-return-missing nobody-to-ask offer-named offer-pool referent-task superseded
        follow-ups-withdrawn for everybody: all withdrawn
        withdrawal-acknowledged for actor: follow-up-withdrawn offer-withdrawn answered
        follow-ups-held for everybody: follow-up-due-soon follow-up-overdue follow-up-resumed offer-named offer-pool offer-rescheduled held
        follow-ups-resumed for everybody: follow-up-held follow-up-held-for-long superseded
        follow-ups-planned [rescheduled-accepted] for everybody: follow-up-due-soon follow-up-overdue follow-up-rescheduled superseded
        follow-ups-planned [rescheduled-offered] for everybody: offer-rescheduled superseded
        movements [admission-cancelled] for everybody: admission-notice discharge-corrected discharge-notice planned-discharge planned-discharge-changed planned-discharge-taken-back withdrawn
        discharge-announced discharge-planned movement-cancelled movement-corrected [planned-discharge-changed] for everybody: planned-discharge planned-discharge-changed planned-discharge-taken-back superseded
        movements [planned-discharge-taken-back] for everybody: planned-discharge planned-discharge-changed withdrawn
        movements [discharged] for everybody: planned-discharge planned-discharge-changed planned-discharge-taken-back superseded
        movements [discharge-corrected] for everybody: discharge-corrected discharge-notice superseded
        movements [discharge-cancelled] for everybody: discharge-corrected discharge-notice withdrawn
        prescription-obtained [all-obtained] for everybody: prescription-missing answered
        refusal-taken-back for everybody: care-refused superseded
        prado-left for everybody: prado-enrolled superseded
        """.split(separator: "\n").map(String.init)
}
