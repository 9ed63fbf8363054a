import FrenchText
import Projections
import Timekeeping

/// One event of the story, with both its times.
struct StoryLine: Sendable, Hashable {
    let sentence: String
    /// When it happened.
    let occurred: Moment
    /// When it was learned.
    let recorded: Moment
    /// Learned noticeably later than it happened.
    let isLate: Bool
    let who: String?
    let position: Int64
    /// The page as it stood after this event.
    let link: String

    /// What passes for at once, in milliseconds.
    private static let atOnce: Int64 = 60_000

    /// - Parameter opening: where the pathway's own story begins; before it there is nothing to show.
    init(_ entry: Timeline.Entry, opening: Int64, _ clock: FrenchClock) {
        sentence = entry.sentence
        occurred = clock.moment(entry.occurredAt)
        recorded = clock.moment(entry.recordedAt)
        isLate = entry.recordedAt.milliseconds(since: entry.occurredAt) > Self.atOnce
        who = entry.actorName
        position = entry.position
        link = "?position=\(max(entry.position, opening))"
    }
}
