import HL7v2
import Pathways
import Timekeeping

/// Reads the times of a message on the sender's clock, and remarks the doubtful ones.
struct SenderClock {
    private static let tolerance: Int64 = 24

    let zone: ZoneTable
    let receivedAt: Instant

    /// The instant that a TS field writes; nil when it is absent, malformed or less precise than a day.
    ///
    /// The hour that autumn repeats is taken the first time, one that spring skips moves on by the length of the gap; both are remarked,
    /// and so is a time more than 24 hours ahead of us (health-domain §A.8).
    func instant(_ field: Field, at location: String, _ findings: inout Findings) -> Instant? {
        guard let instant = planned(field, at: location, &findings) else { return nil }
        if instant > receivedAt.adding(hours: Self.tolerance) { findings.warn(.futureDate, at: location) }
        return instant
    }

    /// The same for what is expected: that it lies ahead is no defect.
    func planned(_ field: Field, at location: String, _ findings: inout Findings) -> Instant? {
        guard let text = field.text, let timestamp = Timestamp(text), timestamp.precision >= .day else { return nil }
        if timestamp.isAmbiguous(in: zone) || timestamp.isSkipped(in: zone) { findings.warn(.ambiguousTime, at: location) }
        return timestamp.instant(in: zone)
    }
}
