/// Which territory a frame is for, and why.
public struct RoutingDecision: Sendable, Hashable {
    /// The first rule that told, in the order in which they are asked. The raw values are stable: counters and answers of the API use them.
    public enum Reason: String, Sendable, Hashable, CaseIterable {
        /// The message cannot be read, or speaks of no patient: the first candidate keeps it.
        case noPatient = "no-patient"
        /// The same bytes went there before.
        case repetition
        /// The pathway of the visit is there.
        case visit
        /// The pathway of the visit was handed over, and is there now.
        case handedOver = "handed-over"
        /// Of the candidates, these know the patient: one for a movement, any number for an identity.
        case patient
        /// The home lies in one of its communes.
        case commune
        /// Nothing told: the first candidate takes it, with a warning.
        case assumed
        /// Nothing told, and a candidate that could not be read might know: nobody takes it, and the sender repeats it.
        case undecided
    }

    /// The ids of those that take it; the first one answers. Empty if undecided.
    public let territories: [String]
    public let reason: Reason
    /// The candidates whose log could not be read: the others went on without them.
    public let unread: [String]

    init(_ territories: [String], _ reason: Reason, unread: [String] = []) {
        self.territories = territories
        self.reason = reason
        self.unread = unread
    }
}
