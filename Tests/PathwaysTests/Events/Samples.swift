import Pathways
import Timekeeping

/// One full value of each event type, fictional, with every member present at least once.
enum Samples {
    struct Sample: Sendable {
        let name: String
        let body: any EventBody
        let event: DomainEvent
    }

    private static let followUp = "0123456789abcdef0123456789abcdef"
    private static let by = Example.by(Example.nurse)
    private static let movement = Movement(
        id: MovementID(authority: "850099995/V0042", value: "1"),
        effectiveAt: Example.instant("2026-11-10T09:00:00+01:00"),
        historic: true,
        unit: MedicalUnitReference(code: "CARD", label: "Cardiologie", authority: "850099995"),
        declared: [DeclaredProfessional(role: .attendingGP, rpps: "10000023084", name: "AGNES Isabelle")],
        statement: Example.statement("2026-11-10T09:05:00+01:00")
    )
    /// With the members that came with the whole of PAM France.
    private static let wholeMovement = Movement(
        id: MovementID(authority: "850099995/V0042", value: "3"),
        effectiveAt: Example.instant("2026-11-12T09:00:00+01:00"),
        historic: true,
        unit: MedicalUnitReference(code: "CARD", label: "Cardiologie", authority: "850099995"),
        declared: [DeclaredProfessional(role: .attendingGP, rpps: "10000023084", name: "AGNES Isabelle")],
        patientClass: .inpatient,
        chargeType: "06",
        expectedAt: Example.instant("2026-11-14T18:00:00+01:00"),
        attending: "10000023084",
        statement: Example.statement("2026-11-12T09:05:00+01:00")
    )
    private static let wholeMode = DischargeMode(
        destination: .ehpad,
        exitMode: "8",
        exitDestination: "7",
        disposition: "3",
        receivingFacility: "850099995",
        siteExitMode: "EHPAD-H"
    )
    private static let from = PatientLink(identifier: Example.patient, stream: String(repeating: "ab", count: 16))
    private static let to = PatientLink(
        identifier: LocalIdentifier(authority: "850099995", value: "P0008"),
        stream: String(repeating: "cd", count: 16)
    )
    private static let account = LocalIdentifier(authority: "850099995", value: "D0042")
    private static let message = "019a8b2c-0000-7000-8000-00000000002b"
    private static let mode = DischargeMode(
        destination: .home,
        exitMode: "8",
        exitDestination: "6",
        disposition: "3",
        receivingFacility: "850099995"
    )
    private static let identity = PatientIdentity(
        identifier: Example.patient,
        birthFamilyName: "FICTIVE",
        usedFamilyName: "D’ESSAI",
        givenName: "Zoé",
        birthDate: "1948-02-29",
        sex: "F",
        phone: "0251000000",
        address: PatientAddress(line: "1 rue de l’Essai", city: "CHALLANS", postalCode: "85300", cog: "85047", country: "FRA"),
        ins: try? INS(number: "279035121518989", oid: "1.2.250.1.213.1.4.10"),
        reliability: ["VALI"],
        deceased: true
    )
    private static let correction = IdentityCorrection(
        birthFamilyName: "FICTIF",
        usedFamilyName: "D’ESSAI",
        givenName: "Zoé",
        birthDate: "1948-02-28",
        sex: "F",
        phone: "0251000001",
        address: PatientAddress(line: "2 rue de l’Essai", city: "CHALLANS", postalCode: "85300", cog: "85047", country: "FRA"),
        ins: try? INS(number: "279035121518989", oid: "1.2.250.1.213.1.4.10"),
        removed: [.usedName]
    )
    private static let plan = PlannedFollowUp(
        id: followUp,
        rule: RuleReference(followUpProtocol: "plain-home-discharge", rule: "nurse-first-visit"),
        protocolVersion: 2,
        role: .nurse,
        title: "Faire la première visite",
        priority: .high,
        dueFrom: Example.instant("2026-11-16T14:00:00+01:00"),
        dueBy: Example.instant("2026-11-18T14:00:00+01:00"),
        answerWithinMinutes: 120,
        movement: MovementID(authority: "850099995/V0042", value: "2"),
        recordsHomeReturn: true,
        trigger: .homeReturnMissing,
        solicitation: SolicitationPolicy(aloneMinutes: 240, waveSize: 2, waveMinutes: 90),
        escalation: [EscalationStep(afterDueMinutes: -60, target: .owner), EscalationStep(afterDueMinutes: 1_440, target: .referent)],
        completesOnAcceptance: true
    )
    private static let assignment = Assignment(
        basis: .circle,
        order: [Example.nurse, "team:challans-nurses"],
        reason: "declared-absent",
        commune: "85047",
        loads: [CandidateLoad(who: "team:challans-nurses", inHand: 3)]
    )
    private static let facts = MessageFacts(
        application: "SIMHOSP",
        facility: "CHLVO",
        controlID: "000001",
        trigger: "ADT^A01",
        digest: String(repeating: "0f", count: 32),
        byteCount: 1200,
        charset: "UTF-8"
    )

    static let all: [Sample] = hospital + SolicitationSamples.all + RecipientSamples.all

    private static let hospital: [Sample] = [
        pathway("pathway.stay-planned.v1", StayPlanned(pathway: Example.reference, movement: movement), PathwayEvent.stayPlanned),
        pathway("pathway.patient-admitted.v1", PatientAdmitted(pathway: Example.reference, movement: movement), PathwayEvent.patientAdmitted),
        pathway(
            "pathway.emergency-visit-registered.v1",
            EmergencyVisitRegistered(pathway: Example.reference, movement: movement),
            PathwayEvent.emergencyVisitRegistered
        ),
        pathway(
            "pathway.patient-transferred.v1",
            PatientTransferred(pathway: Example.reference, movement: movement),
            PathwayEvent.patientTransferred
        ),
        pathway(
            "pathway.admission-announced.v1",
            AdmissionAnnounced(pathway: Example.reference, movement: wholeMovement),
            PathwayEvent.admissionAnnounced
        ),
        pathway("pathway.class-changed.v1", ClassChanged(pathway: Example.reference, movement: wholeMovement), PathwayEvent.classChanged),
        pathway(
            "pathway.transfer-announced.v1",
            TransferAnnounced(pathway: Example.reference, movement: wholeMovement),
            PathwayEvent.transferAnnounced
        ),
        pathway(
            "pathway.attending-changed.v1",
            AttendingChanged(pathway: Example.reference, movement: wholeMovement),
            PathwayEvent.attendingChanged
        ),
        pathway("pathway.leave-started.v1", LeaveStarted(pathway: Example.reference, movement: wholeMovement), PathwayEvent.leaveStarted),
        pathway("pathway.leave-ended.v1", LeaveEnded(pathway: Example.reference, movement: wholeMovement), PathwayEvent.leaveEnded),
        pathway(
            "pathway.discharge-announced.v1",
            DischargeAnnounced(pathway: Example.reference, movement: wholeMovement),
            PathwayEvent.dischargeAnnounced
        ),
        pathway(
            "pathway.movement-corrected.v1",
            MovementCorrected(pathway: Example.reference, kind: .discharge, movement: wholeMovement, mode: wholeMode),
            PathwayEvent.movementCorrected
        ),
        pathway(
            "pathway.pathway-reassigned.v1",
            PathwayReassigned(from: from, to: to, statement: movement.statement),
            PathwayEvent.pathwayReassigned
        ),
        pathway(
            "pathway.patient-discharged.v1",
            PatientDischarged(pathway: Example.reference, movement: movement, mode: mode),
            PathwayEvent.patientDischarged
        ),
        pathway(
            "pathway.movement-cancelled.v1",
            MovementCancelled(pathway: Example.reference, movement: movement.id, kind: .admission, statement: movement.statement),
            PathwayEvent.movementCancelled
        ),
        pathway(
            "pathway.movement-held.v1",
            MovementHeld(pathway: Example.reference, report: .movement(.discharge, movement, mode)),
            PathwayEvent.movementHeld
        ),
        pathway(
            "pathway.discharge-planned.v1",
            DischargePlanned(plannedAt: Example.instant("2026-11-16T14:00:00+01:00"), by: by),
            PathwayEvent.dischargePlanned
        ),
        pathway(
            "pathway.home-return-confirmed.v1",
            HomeReturnConfirmed(at: Example.instant("2026-11-16T18:00:00+01:00"), by: by, howKnown: .phoneCallFamily),
            PathwayEvent.homeReturnConfirmed
        ),
        pathway("pathway.protocol-applied.v1", ProtocolApplied(protocolID: "heart-failure", version: 1, by: by), PathwayEvent.protocolApplied),
        pathway("pathway.follow-ups-planned.v2", FollowUpsPlanned(followUps: [plan]), PathwayEvent.followUpsPlanned),
        pathway(
            "pathway.offers-made.v2",
            OffersMade(
                at: Example.instant("2026-11-16T14:01:00+01:00"),
                solicitations: [
                    .init(
                        followUp: followUp,
                        wave: 1,
                        to: [Example.nurse],
                        until: Example.instant("2026-11-16T16:01:00+01:00"),
                        assignment: assignment
                    )
                ],
                directoryVersion: 7,
                loadPosition: 41
            ),
            PathwayEvent.offersMade
        ),
        pathway(
            "pathway.follow-up-accepted.v2",
            FollowUpAccepted(followUp: followUp, at: Example.instant("2026-11-16T15:00:00+01:00"), by: by, team: "challans-nurses"),
            PathwayEvent.followUpAccepted
        ),
        pathway(
            "pathway.follow-up-declined.v2",
            FollowUpDeclined(followUp: followUp, by: by, reason: .noCapacity, givenBack: true, team: "challans-nurses"),
            PathwayEvent.followUpDeclined
        ),
        pathway(
            "pathway.follow-up-completed.v1",
            FollowUpCompleted(
                followUp: followUp,
                at: Example.instant("2026-11-17T10:00:00+01:00"),
                by: by,
                outcome: .patientAbsent,
                note: "Rappeler demain"
            ),
            PathwayEvent.followUpCompleted
        ),
        pathway(
            "pathway.follow-up-noted.v1",
            FollowUpNoted(followUp: followUp, by: by, note: "Code de l’immeuble demandé"),
            PathwayEvent.followUpNoted
        ),
        pathway(
            "pathway.follow-ups-withdrawn.v1",
            FollowUpsWithdrawn(withdrawals: [.init(followUp: followUp, reason: .dischargeCancelled, told: [Example.nurse])]),
            PathwayEvent.followUpsWithdrawn
        ),
        pathway("pathway.withdrawal-acknowledged.v1", WithdrawalAcknowledged(followUp: followUp, by: by), PathwayEvent.withdrawalAcknowledged),
        pathway(
            "pathway.pathway-taken-over.v1",
            PathwayTakenOver(pathway: Example.reference, from: "clvo-demo", position: 42, event: "019a8b2c-0000-7000-8000-00000000002a", number: 1),
            PathwayEvent.pathwayTakenOver
        ),
        pathway(
            "pathway.pathway-handed-over.v1",
            PathwayHandedOver(to: "nord-demo", reason: .moved, event: "019a8b2c-0000-7000-8000-00000000002a"),
            PathwayEvent.pathwayHandedOver
        ),
        pathway(
            "pathway.entry-retracted.v1",
            EntryRetracted(event: "019f0000-0000-7000-8000-000000000001", reason: .otherPatient, by: by),
            PathwayEvent.entryRetracted
        ),
        sample(
            "patient.identity-corrected.v1",
            IdentityCorrected(correction: correction, reason: .civilStatus, by: by),
            DomainEvent.identityCorrected
        ),
        sample(
            "patient.opposition-recorded.v1",
            OppositionRecorded(basis: .sharing, statedAt: Example.instant("2026-11-17T10:00:00+01:00"), by: by),
            DomainEvent.oppositionRecorded
        ),
        sample(
            "patient.opposition-lifted.v1",
            OppositionLifted(statedAt: Example.instant("2026-11-18T10:00:00+01:00"), by: by),
            DomainEvent.oppositionLifted
        ),
        sample(
            "erasure.patient-erased.v1",
            PatientErased(reason: .requestOfPatient, keys: ["q83vEjRWeJASNFZ4"], streams: ["00112233445566778899aabbccddeeff"]),
            DomainEvent.patientErased
        ),
        sample("erasure.stream-erased.v1", StreamErased(erasure: "019f0000-0000-7000-8000-000000000002"), DomainEvent.streamErased),
        sample("patient.patient-identified.v1", PatientIdentified(identity: identity, statement: movement.statement), DomainEvent.patientIdentified),
        sample(
            "patient.visit-registered.v1",
            VisitRegistered(account: account, visit: Example.visit, pathwayStream: followUp),
            DomainEvent.visitRegistered
        ),
        sample(
            "patient.dossier-moved.v1",
            DossierMoved(account: account, from: from, to: to, statement: movement.statement),
            DomainEvent.dossierMoved
        ),
        sample("patient.patients-merged.v1", PatientsMerged(retired: from, survivor: to, statement: movement.statement), DomainEvent.patientsMerged),
        sample("patient.merge-undone.v1", MergeUndone(retired: from, survivor: to, statement: movement.statement, by: by), DomainEvent.mergeUndone),
        sample(
            "intake.message-repaired.v1",
            MessageRepaired(
                message: message,
                corrections: [MessageCorrection(location: "ZBE-4", value: "INSERT")],
                profileDigest: facts.digest,
                outcome: .accepted,
                warnings: [IntakeWarning(.insNotValidated, at: "PID-32")],
                pathwayStream: followUp,
                by: by
            ),
            DomainEvent.messageRepaired
        ),
        sample(
            "intake.message-discarded.v1",
            MessageDiscarded(message: message, reason: .sentAgain, note: "Renvoyé le 12", by: by),
            DomainEvent.messageDiscarded
        ),
        sample(
            "territory.site-profile-published.v1",
            SiteProfilePublished(profile: "chlvo-site", version: 1, digest: facts.digest, content: "id: chlvo-site\n"),
            DomainEvent.siteProfilePublished
        ),
        sample(
            "intake.message-received.v1",
            MessageReceived(
                facts: facts,
                outcome: .orphan,
                acknowledgement: "AA",
                warnings: [IntakeWarning(.insNotValidated, at: "PID-32")],
                errors: ["101 ZBE-4"],
                pathwayStream: followUp
            ),
            DomainEvent.messageReceived
        ),
        sample("intake.command-key-reused.v1", CommandKeyReused(scope: "api", keyDigest: facts.digest), DomainEvent.commandKeyReused),
        sample(
            "territory.territory-published.v1",
            TerritoryPublished(territory: "clvo-demo", digest: facts.digest, content: "territory: clvo-demo\n"),
            DomainEvent.territoryPublished
        ),
        sample(
            "territory.protocol-published.v1",
            ProtocolPublished(protocolID: "heart-failure", version: 1, digest: facts.digest, content: "id: heart-failure\n"),
            DomainEvent.protocolPublished
        ),
        sample(
            "follower.parking-discarded.v1",
            ParkingDiscarded(
                follower: "follow-up-planner",
                sequence: "00112233445566778899aabbccddeeff",
                position: 42,
                by: "Camille Essai",
                reason: "La visite a été saisie deux fois ; rien à planifier."
            ),
            DomainEvent.parkingDiscarded
        ),
    ]

    static func pathway<Body: EventBody>(_ name: String, _ body: Body, _ wrap: (Body) -> PathwayEvent) -> Sample {
        Sample(name: name, body: body, event: .pathway(wrap(body)))
    }

    static func sample<Body: EventBody>(_ name: String, _ body: Body, _ wrap: (Body) -> DomainEvent) -> Sample {
        Sample(name: name, body: body, event: wrap(body))
    }
}
