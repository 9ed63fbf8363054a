/// How simulated professionals behave. Everybody draws their own shares around these.
public struct StaffHabits: Sendable, Hashable {
    /// Of all offers: accepted, declined; the rest is forgotten.
    public var accepts = 0.68
    public var declines = 0.17
    /// Minutes of work until an offer is answered: half of the answers come sooner.
    public var answerMinutes = 35.0
    /// Standard deviation of the logarithm of the answer's delay.
    public var answerSpread = 1.1
    /// Of what was accepted: done late, given back, forgotten until somebody asks.
    public var late = 0.05
    public var givenBack = 0.03
    public var forgotten = 0.04
    /// Of visits: a sign that the protocol watches for is seen; the prescription is not there.
    public var alertSigns = 0.015
    public var missingPrescriptions = 0.02
    /// Absences that a professional declares in a year, and how many of them name somebody in their place.
    public var absencesPerYear = 6.0
    public var replaced = 0.4

    public init() {}
}
