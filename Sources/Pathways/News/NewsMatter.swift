import Timekeeping

/// What one event says of one follow-up, or of the whole pathway: what rows of the table are held against.
struct NewsMatter {
    /// As it is after the event; nil where the event speaks of none.
    var followUp: FollowUp?
    /// Told of the pathway, once a person, though a follow-up is at hand.
    var isOfPathway = false
    var conditions: Set<NewsCondition> = []
    /// ``Addressee``.
    var asked: [String] = []
    /// Whether those asked may read the name.
    var isNamed = true
    /// RPPS.
    var told: [String] = []
    /// Teams that were being asked: each of their members may have heard of it.
    var teams: [String] = []
    var reporter: String?
    var answerBy: Instant?
    /// RPPS of the only ones of the audience whom it concerns; nil for all.
    var only: Set<String>?
    /// What follow-ups hang on that are planned because of it.
    var anchor: MovementID?

    /// The follow-up that a news of it is about.
    var subject: String? { isOfPathway ? nil : followUp?.id }
}
