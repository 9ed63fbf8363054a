import Pathways
import Timekeeping

/// One generated message, about invented people, and the same message about others.
struct LintScene {
    let past: SamplePast
    let message: OutboxMessage
    let casts: [SampleCast]
    /// As `past`, but every patient, place and care is another one.
    let elsewhere: SamplePast
    /// As `past`, but who the patients are, and where they were: commune, care, professionals and dates are the same.
    let others: SamplePast

    /// - Parameter seed: the same one gives the same scene.
    init(seed: UInt64, rows: [NewsRow], territory: Territory) {
        var chance = SeededChance(seed: seed)
        let now = Instant(millisecondsSinceEpoch: 1_795_100_700_000 + Int64.random(in: 0...31_000_000, using: &chance) * 1_000)
        let count = Int.random(in: 1...4, using: &chance)
        let shared = SampleCast.random(territory, using: &chance)
        let referent = territory.referent.rpps.value
        let recipient = chance.pick([shared.nurse, shared.gp, referent], otherwise: referent)
        var (past, elsewhere, others) = (SamplePast(territory), SamplePast(territory), SamplePast(territory))
        var casts: [SampleCast] = []
        var items: [News] = []
        for index in 0..<count {
            guard let row = rows.randomElement(using: &chance) else { continue }
            // One patient twice, or somebody else.
            let cast = index > 0 && Bool.random(using: &chance) ? shared.with(pathway: index) : SampleCast.random(territory, using: &chance)
            let urgency = chance.pick([News.Urgency.urgent, .routine], otherwise: .routine)
            let named = Bool.random(using: &chance)
            let stranger = SampleCast.random(territory, using: &chance).on(cast)
            let namesake = cast.renamed(using: &chance)
            for (one, keep) in [(cast, 0), (stranger, 1), (namesake, 2)] {
                let story = SampleStory(
                    row,
                    cast: one,
                    recipient: recipient,
                    now: now,
                    id: "event-\(seed)-\(index)",
                    named: named,
                    urgency: urgency
                )
                guard let story else { continue }
                switch keep {
                case 0:
                    past.add(story)
                    items.append(story.news)
                    casts.append(cast)
                case 1: elsewhere.add(story)
                default: others.add(story)
                }
            }
        }
        self.past = past
        self.elsewhere = elsewhere
        self.others = others
        self.casts = casts
        message = OutboxMessage(
            recipient: recipient,
            urgency: items.contains { $0.urgency == .urgent } ? .urgent : .routine,
            reminder: chance.pick([0, 0, 0, 1, 2], otherwise: 0),
            madeAt: now,
            position: 1,
            items: items,
            delivery: Delivery(.waiting(until: now))
        )
    }
}

extension SampleCast {
    /// Somebody else in the streams of `other`.
    fileprivate func on(_ other: SampleCast) -> SampleCast { replacing(pathway: other.pathwayStream, patient: other.patientStream) }
}
