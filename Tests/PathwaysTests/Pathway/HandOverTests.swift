import Pathways
import Testing
import Timekeeping

@Suite("A pathway goes to another territory")
struct HandOverTests {
    private static let event = "019a8b2c-0000-7000-8000-00000000002a"
    private let away = PathwayHandedOver(to: "nord-demo", reason: .moved, event: Self.event)
    private let there = PathwayReference(visit: Example.visit, patient: Example.patient, patientStream: String(repeating: "cd", count: 16))

    private func arrival(_ number: Int = 1, reference: PathwayReference? = nil) -> PathwayTakenOver {
        PathwayTakenOver(pathway: reference ?? there, from: "clvo-demo", position: 42, event: Self.event, number: number)
    }

    private func by(_ rpps: String) -> Attribution { Example.by(rpps) }

    // MARK: - Where it was

    @Test func itIsClosedAndWhoWasConcernedIsTold() throws {
        var story = Example.plannedAtHome()
        let nurse = Example.followUp("nurse-first-visit")
        story += Given(story).when(.accept(followUp: nurse, by: by(Example.nurse), at: Example.instant("2026-11-16T15:00:00+01:00"))).events
        story += Given(story).when(.handOver(away)).events
        let after = Pathway(folding: story)
        #expect(after.status == .closed && after.handedOver == away && !after.isOpen)
        #expect(after.followUps.count == 4)
        #expect(after.followUps.allSatisfy { $0.status == .withdrawn && $0.withdrawal == .moved })
        #expect(after.followUp(nurse)?.toldOfWithdrawal == [Example.nurse])
        #expect(after.followUp(Example.followUp("gp-visit"))?.toldOfWithdrawal == [Example.nurse, Example.otherNurse])
        Given(story).when(.handOver(away)).thenNothing()
        // They can still say that they saw it.
        #expect(Given(story).when(.acknowledgeWithdrawal(followUp: nurse, by: by(Example.nurse))).events.count == 1)
    }

    @Test func itSaysWhereItWentBeforeAnythingElse() {
        Given([Example.admitted]).when(.handOver(away)).then([.pathwayHandedOver(away)])
        #expect(Given(Example.plannedAtHome()).when(.handOver(away)).events.first == .pathwayHandedOver(away))
    }

    @Test func nothingUnknownIsHandedOver() {
        Given().when(.handOver(away)).thenRejected(.unknownPathway)
    }

    @Test(arguments: [
        Example.report(.discharge, "2", "2026-11-16T14:00:00+01:00", to: .home), Example.report(.admission, "1", "2026-11-10T09:00:00+01:00"),
        Example.cancel(.admission, "1"), .planDischarge(at: Example.instant("2026-11-16T14:00:00+01:00"), by: Example.by(Example.nurse)),
        .applyProtocol("heart-failure", by: Example.by(Example.nurse)),
        .confirmHomeReturn(.init(at: Example.instant("2026-11-16T18:00:00+01:00"), by: Example.by(Example.nurse), howKnown: .visit)),
    ])
    func itTakesNothingMoreOfTheVisit(command: PathwayCommand) {
        Given([Example.admitted, .pathwayHandedOver(away)]).when(command).thenRejected(.handedOver)
    }

    @Test func nothingIsPlannedForItAnyMore() {
        var story = Example.plannedAtHome()
        story += Given(story).when(.handOver(away)).events
        Given(story).when(.reconcile(Example.context(at: "2026-11-16T14:02:00+01:00"))).thenNothing()
        Given(story).when(.accept(followUp: Example.followUp("gp-visit"), by: by(Example.nurse), at: Example.instant("2026-11-16T15:00:00+01:00")))
            .thenRejected(.alreadyClosed)
        #expect(Pathway(folding: story).homeReturnLimit(under: Example.protocols, in: Example.paris) == nil)
    }

    // MARK: - Where it goes on

    @Test func itIsTakenOverOnceForEachHandOver() {
        let taken = PathwayEvent.pathwayTakenOver(arrival())
        Given().when(.takeOver(arrival())).then([taken])
        Given([taken]).when(.takeOver(arrival())).thenNothing()
        #expect(Pathway(folding: [taken]).isOpen && Pathway(folding: [taken]).reference == there)
    }

    @Test func itMayComeBack() throws {
        var story = Example.plannedAtHome()
        story += Given(story).when(.handOver(away)).events
        let back = arrival(2, reference: Example.reference)
        story += Given(story).when(.takeOver(back)).events
        let reopened = Pathway(folding: story)
        #expect(reopened.status == .discharged && reopened.handedOver == nil && reopened.handOverNumber == 2)
        story += Given(story).when(.reconcile(Example.context(at: "2026-11-17T09:00:00+01:00"))).events
        #expect(Pathway(folding: story).followUps.allSatisfy { $0.status == .open })
        // An old hand-over that is heard of again changes nothing.
        Given(story).when(.takeOver(arrival(1, reference: Example.reference))).thenNothing()
    }

    @Test func aVisitOfAnotherPatientIsNotTakenOver() {
        let other = PathwayReference(
            visit: Example.visit,
            patient: LocalIdentifier(authority: "850099995", value: "P9"),
            patientStream: there.patientStream
        )
        Given([Example.admitted]).when(.takeOver(arrival(reference: other))).thenRejected(.visitOfAnotherPatient)
    }

    // MARK: - What is told

    private static let stories: [[PathwayCommand]] = [
        [Example.report(.admission, "1", "2026-11-10T09:00:00+01:00")],
        [
            Example.report(.admission, "1", "2026-11-10T09:00:00+01:00"), Example.report(.transfer, "2", "2026-11-09T09:00:00+01:00"),
            Example.report(.discharge, "3", "2026-11-16T14:00:00+01:00", to: .home), Example.cancel(.discharge, "3"),
            .planDischarge(at: Example.instant("2026-11-17T14:00:00+01:00"), by: Example.by(Example.nurse, as: .hospital)),
        ],
        [Example.report(.discharge, "3", "2026-11-16T14:00:00+01:00", to: .home), Example.cancel(.admission, "1")],
        [
            Example.report(.preadmission, "0", "2026-11-01T09:00:00+01:00"), Example.report(.admission, "1", "2026-11-10T09:00:00+01:00"),
            Example.report(.discharge, "3", "2026-11-16T14:00:00+01:00", to: .home),
            .applyProtocol("heart-failure", by: Example.by(Example.nurse, as: .hospital)),
            .confirmHomeReturn(.init(at: Example.instant("2026-11-16T18:00:00+01:00"), by: Example.by(Example.nurse), howKnown: .visit)),
        ],
    ]

    private func happened(_ commands: [PathwayCommand], under protocols: ProtocolLibrary = Example.protocols) -> [PathwayEvent] {
        commands.reduce([]) { $0 + Given($0, under: protocols).when($1).events }
    }

    @Test(arguments: stories.indices)
    func theOtherTerritoryKnowsTheSameVisit(index: Int) {
        let here = Pathway(folding: happened(Self.stories[index]))
        let told = here.restated(as: there, under: Example.protocols)
        let other = Pathway(folding: happened(told))
        #expect(other.history == here.history && other.stay == here.stay && other.status == here.status)
        #expect(other.plannedDischargeAt == here.plannedDischargeAt && other.homeReturn == here.homeReturn)
        #expect(other.appliedProtocols == here.appliedProtocols && other.reference == there)
        // Told again, it is no news.
        #expect(told.flatMap { Given(happened(told)).when($0).events } == [])
        // Nothing has to wait there that does not wait here.
        #expect(happened(told).count { if case .movementHeld = $0 { true } else { false } } == here.history.held.count)
    }

    @Test func aProtocolThatIsNotPublishedThereIsLeftOut() {
        let here = Pathway(folding: happened(Self.stories[3]))
        let told = here.restated(as: there, under: ProtocolLibrary())
        #expect(Pathway(folding: happened(told, under: ProtocolLibrary())).appliedProtocols.isEmpty)
        #expect(told.count == 4)
    }

    @Test func aFinishedPathwayHasNothingToHandOver() {
        let story = [Example.admitted, Example.discharged(to: .death)]
        #expect(!Pathway(folding: story).isOpen)
        var done = Example.plannedAtHome()
        #expect(Pathway(folding: done).isOpen)
        for followUp in Pathway(folding: done).followUps {
            let at = Example.instant("2026-11-17T15:00:00+01:00")
            let referent = Example.by(Example.referent, as: .referent)
            done += Given(done).when(.complete(followUp: followUp.id, by: referent, at: at, outcome: .done, note: nil)).events
        }
        #expect(!Pathway(folding: done).isOpen)
        #expect(Pathway().isOpen)
    }

    @Test(arguments: [0, 1, 7])
    func anErasureKeepsTheNumberInClearAndNothingElse(number: Int) throws {
        let erasure = StreamErased(erasure: "019f0000-0000-7000-8000-000000000002", handOvers: number)
        #expect(String(decoding: erasure.payload, as: UTF8.self).contains("handOvers") == (number > 0))
        #expect(try StreamErased(payload: erasure.payload) == erasure)
        let pathway = Pathway(after: erasure)
        #expect(pathway.handOverNumber == number && pathway.reference == nil && pathway.status == nil)
        #expect(number > 0 || pathway == Pathway())
    }
}
