/// What a text may have filled in: a closed list.
public enum TemplatePlaceholder: String, Hashable, Sendable, CaseIterable {
    /// « 2 nouvelles demandes et 1 information ».
    case counts
    /// Where the recipient reads the rest.
    case link
    /// Name of whom it is for.
    case recipient
    /// Of the patient.
    case commune
    /// The follow-up's title.
    case care
    /// When the follow-up is to be done: « le mer. 18 nov., entre 8 h 00 et 18 h 00 ».
    case window
    /// By when an answer is hoped for.
    case answerBy
    /// Who made it happen.
    case by
    /// Who accepted the follow-up.
    case owner
    /// Why, in a few words.
    case reason
    /// When it was seen.
    case at
    /// The sign that was reported.
    case sign
    /// When the stay began, or will.
    case admission
    /// When the hospital expects the discharge.
    case planned
    /// When the patient left.
    case discharge
    /// Where to.
    case destination
    /// Who could not be reached.
    case person
    /// How many news could not be told.
    case count
    /// The ways that were tried.
    case channels
    /// Name of the territory.
    case territory
    /// Name of the référent-parcours.
    case referent
    /// Their telephone number.
    case phone

    /// Whether it always has a value: the others stand between brackets.
    public var isCertain: Bool { self == .counts || self == .link || self == .count }

    /// What a text of open channels may hold.
    static let open: Set<TemplatePlaceholder> = [.counts]
    /// What the frame of a secure mail may hold.
    static let frame: Set<TemplatePlaceholder> = [.counts, .link, .recipient, .commune, .territory, .referent, .phone]
    /// What may be told to somebody who may read the patient's name.
    static let named: Set<TemplatePlaceholder> = unnamed.union([.sign, .admission, .planned, .discharge, .destination])
    /// What may be told to anybody who is asked or told: nothing of the illness, of the stay, or of who it is.
    static let unnamed: Set<TemplatePlaceholder> = [
        .commune, .care, .window, .answerBy, .by, .owner, .reason, .at, .person, .count, .channels,
    ]
}
