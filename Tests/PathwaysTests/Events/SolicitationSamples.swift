import Pathways
import Timekeeping

/// Samples of the events of the loop that always closes: asking, deadlines, what people say.
enum SolicitationSamples {
    private static let followUp = "0123456789abcdef0123456789abcdef"
    private static let missing = "019a8b2c-0000-7000-8000-0000000000a2"
    private static let by = Example.by(Example.nurse)
    private static let referent = Example.by(Example.referent, as: .referent)
    private static let morning = Example.instant("2026-11-17T10:00:00+01:00")
    private static let noon = Example.instant("2026-11-17T12:00:00+01:00")
    private static let enrolled = Example.instant("2026-11-15T10:00:00+01:00")
    private static let away = Example.instant("2026-12-24T00:00:00+01:00")

    static let all = asking + people + absences

    private static let asking: [Samples.Sample] = [
        Samples.pathway(
            "pathway.offers-lapsed.v1",
            OffersLapsed(
                at: Example.instant("2026-11-16T18:01:00+01:00"),
                followUp: followUp,
                wave: 1,
                to: [Example.nurse, "team:challans-nurses"],
                away: true
            ),
            PathwayEvent.offersLapsed
        ),
        Samples.pathway(
            "pathway.solicitation-restarted.v1",
            SolicitationRestarted(followUp: followUp, at: morning, by: referent),
            PathwayEvent.solicitationRestarted
        ),
        Samples.pathway(
            "pathway.follow-up-escalated.v1",
            FollowUpEscalated(
                followUp: followUp,
                at: Example.instant("2026-11-18T14:00:00+01:00"),
                step: 1,
                reason: .overdue,
                to: [Example.referent]
            ),
            PathwayEvent.followUpEscalated
        ),
        Samples.pathway(
            "pathway.follow-ups-held.v1",
            FollowUpsHeld(
                followUps: [followUp],
                at: Example.instant("2026-11-17T09:00:00+01:00"),
                reviewAt: Example.instant("2026-11-24T09:30:00+01:00")
            ),
            PathwayEvent.followUpsHeld
        ),
        Samples.pathway(
            "pathway.follow-ups-resumed.v1",
            FollowUpsResumed(followUps: [followUp], at: Example.instant("2026-11-19T11:00:00+01:00")),
            PathwayEvent.followUpsResumed
        ),
    ]

    private static let people: [Samples.Sample] = [
        Samples.pathway(
            "pathway.alert-sign-reported.v1",
            AlertSignReported(
                report: "019a8b2c-0000-7000-8000-0000000000a1",
                at: morning,
                by: by,
                sign: .weightGain,
                followUp: followUp,
                called: [EmergencyContact.attendingGP.rawValue, EmergencyContact.sas.rawValue],
                note: "Trois kilos en deux jours"
            ),
            PathwayEvent.alertSignReported
        ),
        Samples.pathway(
            "pathway.prescription-missing.v1",
            PrescriptionMissing(report: missing, at: morning, by: by, followUp: followUp, note: "Pansements"),
            PathwayEvent.prescriptionMissing
        ),
        Samples.pathway(
            "pathway.prescription-obtained.v1",
            PrescriptionObtained(report: missing, at: noon, by: by),
            PathwayEvent.prescriptionObtained
        ),
        Samples.pathway("pathway.prado-enrolled.v1", PradoEnrolled(at: enrolled, by: by), PathwayEvent.pradoEnrolled),
        Samples.pathway("pathway.prado-left.v1", PradoLeft(at: enrolled, by: by), PathwayEvent.pradoLeft),
        Samples.pathway("pathway.care-refused.v1", CareRefused(at: morning, by: by, followUps: [followUp]), PathwayEvent.careRefused),
        Samples.pathway("pathway.refusal-taken-back.v1", RefusalTakenBack(at: enrolled, by: by), PathwayEvent.refusalTakenBack),
        Samples.pathway(
            "pathway.pathway-closed.v1",
            PathwayClosed(at: Example.instant("2026-12-20T10:00:00+01:00"), reason: .followedElsewhere, by: referent),
            PathwayEvent.pathwayClosed
        ),
        Samples.pathway(
            "pathway.pathway-reopened.v1",
            PathwayReopened(at: Example.instant("2026-12-21T10:00:00+01:00"), by: referent),
            PathwayEvent.pathwayReopened
        ),
        Samples.sample(
            "patient.consent-recorded.v1",
            ConsentRecorded(
                basis: .consentShare,
                statedAt: Example.instant("2026-11-10T10:00:00+01:00"),
                by: by,
                noticeVersion: "2026-03"
            ),
            DomainEvent.consentRecorded
        ),
        Samples.sample(
            "patient.consent-withdrawn.v1",
            ConsentWithdrawn(basis: .consentShare, statedAt: Example.instant("2026-11-20T10:00:00+01:00"), by: by),
            DomainEvent.consentWithdrawn
        ),
    ]

    private static let absences: [Samples.Sample] = [
        Samples.sample(
            "territory.absence-declared.v1",
            AbsenceDeclared(
                rpps: Example.nurse,
                from: away,
                to: Example.instant("2027-01-04T00:00:00+01:00"),
                replacement: Example.otherNurse,
                by: by
            ),
            DomainEvent.absenceDeclared
        ),
        Samples.sample(
            "territory.absence-ended.v1",
            AbsenceEnded(rpps: Example.nurse, from: away, at: Example.instant("2026-12-28T08:00:00+01:00"), by: by),
            DomainEvent.absenceEnded
        ),
    ]
}
