/// How a simulated hospital behaves: shares of stays and of messages. The defaults keep to `product.md`, « Load model »: 135,000 inhabitants
/// make about a million events a year.
public struct HospitalHabits: Sendable, Hashable {
    /// Visits of one inhabitant in one year, emergency visits included.
    public var visitsPerYear = 0.18
    /// How much winter adds, and summer takes.
    public var seasonality = 0.15
    /// Visits of somebody who is known already.
    public var returning = 0.18
    /// Pre-admissions that are called off (A38).
    public var calledOff = 0.03
    /// Admissions that are taken back (A11).
    public var admissionsTakenBack = 0.012
    /// Discharges that are taken back (A13), and take place later.
    public var dischargesTakenBack = 0.015
    /// Discharges whose time or destination is corrected (Z99).
    public var dischargesCorrected = 0.02
    /// Patients who come back under the number of their visit.
    public var sameVisitReturns = 0.006
    /// Stays that change unit (A02).
    public var transfers = 0.15
    /// Longer stays with a leave (A21, A22).
    public var leaves = 0.1
    /// Discharges that are announced the day before (A16).
    public var announced = 0.6
    /// New patients who were registered twice, and are merged later (A40).
    public var merged = 0.01
    /// Discharges home from a unit with a protocol of its own for which the ward applies it.
    public var protocolsApplied = 0.5
    /// home, SMR, EHPAD, HAD, transfer, against advice, death: shares, in the order of ``HospitalExit``.
    public var exits = [0.80, 0.06, 0.05, 0.02, 0.03, 0.01, 0.03]

    public init() {}
}
