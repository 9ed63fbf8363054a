/// What must be so for a row of the table to count: a closed list, each word reckoned from the event and the pathway alone.
public enum NewsCondition: String, Hashable, Sendable, CaseIterable {
    // Offers.
    /// Asked alone, as the patient's own professional, the unit, or somebody who takes part already: they may read the name.
    case namedOffer = "named-offer"
    /// Asked because they cover the commune, or with their team.
    case poolOffer = "pool-offer"
    /// Nobody is asked: nobody confirmed the return home, and it is for the référent-parcours.
    case homeReturnMissing = "home-return-missing"
    /// Nobody is asked: the rule is for the référent-parcours.
    case referentTask = "referent-task"
    /// Nobody is asked: nobody is left, or there never was anybody.
    case nobodyLeft = "nobody-left"
    /// Somebody accepted it, and it is due at another time now.
    case rescheduledAccepted = "rescheduled-accepted"
    /// Somebody is being asked, and it is due at another time now.
    case rescheduledOffered = "rescheduled-offered"

    // Escalations.
    case dueSoon = "due-soon"
    case overdue
    case heldForLong = "held-for-long"

    // Follow-ups that end, wait or go on.
    case withdrawnAccepted = "withdrawn-accepted"
    /// As `withdrawn-accepted`, of what its owner may be on the way to: the window is open, or opens within a day.
    case withdrawnAcceptedSoon = "withdrawn-accepted-soon"
    case withdrawnOffered = "withdrawn-offered"
    case accepted
    case acceptedSoon = "accepted-soon"
    case givenBack = "given-back"
    /// Reported with an outcome that leaves something to do.
    case notDone = "not-done"

    // The stay.
    case stayBegins = "stay-begins"
    /// Declared for a role while the patient is in hospital already.
    case newlyDeclared = "newly-declared"
    case plannedDischargeFirst = "planned-discharge-first"
    /// On another day than was said before.
    case plannedDischargeChanged = "planned-discharge-changed"
    case plannedDischargeTakenBack = "planned-discharge-taken-back"
    case discharged
    /// To another destination, or on another day.
    case dischargeCorrected = "discharge-corrected"
    case dischargeCancelled = "discharge-cancelled"
    case admissionCancelled = "admission-cancelled"

    // Death.
    /// The visit turns out to have ended in death.
    case death
    /// Withdrawn because the patient is dead, from somebody who may read the name.
    case deceased
    /// As `deceased`, from somebody who was merely asked.
    case deceasedAsked = "deceased-asked"
    case deathTakenBack = "death-taken-back"

    // What people say.
    case refusesAll = "refuses-all"
    /// No prescription is missing any more.
    case allObtained = "all-obtained"

    /// Whether it is told of a patient who is dead.
    var speaksOfDeath: Bool { self == .death || self == .deceased || self == .deceasedAsked }

    /// The short names of the types of event that it can be true of.
    var events: Set<String> {
        switch self {
        case .namedOffer, .poolOffer, .homeReturnMissing, .referentTask, .nobodyLeft: ["offers-made"]
        case .rescheduledAccepted, .rescheduledOffered: ["follow-ups-planned"]
        case .dueSoon, .overdue, .heldForLong: ["follow-up-escalated"]
        case .withdrawnAccepted, .withdrawnAcceptedSoon, .withdrawnOffered, .deceased, .deceasedAsked: ["follow-ups-withdrawn"]
        case .accepted, .acceptedSoon: ["follow-ups-held", "follow-ups-resumed"]
        case .givenBack: ["follow-up-declined"]
        case .notDone: ["follow-up-completed"]
        case .plannedDischargeFirst, .plannedDischargeChanged, .plannedDischargeTakenBack: Self.movements.union(["discharge-planned"])
        case .stayBegins, .newlyDeclared, .discharged, .dischargeCorrected, .dischargeCancelled, .admissionCancelled, .death: Self.movements
        case .deathTakenBack: Self.movements.union(["follow-ups-planned"])
        case .refusesAll: ["care-refused"]
        case .allObtained: ["prescription-obtained"]
        }
    }

    /// What the hospital says of a visit.
    static let movements: Set<String> = [
        "stay-planned", "patient-admitted", "emergency-visit-registered", "patient-transferred", "patient-discharged", "admission-announced",
        "class-changed", "transfer-announced", "attending-changed", "leave-started", "leave-ended", "discharge-announced",
        "movement-corrected", "movement-cancelled", "movement-held",
    ]
}
