import Pathways
import Timekeeping

/// A short invented story at the end of which something is told: one for each template.
struct SampleStory {
    static let followUp = "follow-up-1"

    let cast: SampleCast
    /// All that is in the pathway's stream.
    let events: [(id: String, event: PathwayEvent)]
    let undeliverable: MessageUndeliverable?
    let news: News

    /// - Parameters:
    ///   - row: one of the template's in the table.
    ///   - id: of the event that is told; those before it are called after it.
    ///   - named: nil for what is usual of the template.
    /// - Returns: nil if no story is known for the template.
    init?(_ row: NewsRow, cast: SampleCast, recipient: String, now: Instant, id: String, named: Bool? = nil, urgency: News.Urgency? = nil) {
        let words = SampleEvents(cast: cast, now: now)
        guard let (before, told) = words.story(of: row.template) else { return nil }
        let stories = before + (told.map { [$0] } ?? [])
        self.cast = cast
        events = stories.enumerated().map { index, event in (index == before.count ? id : "\(id)-\(index)", event) }
        undeliverable = told == nil ? words.undeliverable(to: recipient) : nil
        let isOfFollowUp = SampleEvents.ofFollowUps.contains(row.template)
        news = News(
            key: NewsKey(event: id, recipient: recipient, template: row.template, followUp: isOfFollowUp ? Self.followUp : nil),
            occurredAt: now,
            urgency: urgency ?? (row.urgency == .urgent ? .urgent : .routine),
            pathway: cast.pathwayStream,
            followUp: isOfFollowUp ? Self.followUp : nil,
            answerBy: row.reminds ? now.adding(hours: 2) : nil,
            asks: row.asks,
            named: named ?? !["offer-pool", "death-notice-asked", "offer-withdrawn"].contains(row.template)
        )
    }

    /// As the pathway's patient is known.
    var patient: Patient {
        let words = SampleEvents(cast: cast, now: news.occurredAt)
        var patient = Patient(stream: cast.patientStream)
        patient.evolve(with: PatientIdentified(identity: cast.identity, statement: words.statement("P")))
        if cast.isOpposed {
            patient.evolve(with: PatientEvent.oppositionRecorded(words.opposition))
        }
        return patient
    }
}
