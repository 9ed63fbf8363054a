public import Pathways
public import Timekeeping

/// One thing that a hospital's system says of a visit, before it is written as a message.
public struct HospitalStatement: Sendable, Hashable {
    public var trigger: HospitalTrigger
    /// ZBE-1.
    public var movement: String
    /// When it happened at the bedside (ZBE-2); for a cancellation, that of the movement taken back.
    public var at: Instant
    /// When it was typed in (EVN-2, MSH-7).
    public var statedAt: Instant
    public var unit: MedicalUnit
    /// ZBE-6: what inserted the movement that is corrected or taken back.
    public var original: HospitalTrigger?
    /// When what is announced is expected (EVN-3).
    public var expectedAt: Instant?
    /// Of a discharge.
    public var exit: HospitalExit?
    /// An emergency visit, not a stay (PV1-2).
    public var isEmergency: Bool

    public init(
        _ trigger: HospitalTrigger,
        movement: String,
        at: Instant,
        statedAt: Instant,
        unit: MedicalUnit,
        original: HospitalTrigger? = nil,
        expectedAt: Instant? = nil,
        exit: HospitalExit? = nil,
        isEmergency: Bool = false
    ) {
        self.trigger = trigger
        self.movement = movement
        self.at = at
        self.statedAt = statedAt
        self.unit = unit
        self.original = original
        self.expectedAt = expectedAt
        self.exit = exit
        self.isEmergency = isEmergency
    }
}
