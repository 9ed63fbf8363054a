import Coordination
import EventStore
import FrenchText
import Hummingbird
import Pathways
import Projections
import Timekeeping

/// `/parcours/{id}` and its forms.
struct PathwayPageRoutes {
    private let services: WebServices
    private let pages: PageRenderer

    init(_ services: WebServices, _ pages: PageRenderer) {
        self.services = services
        self.pages = pages
    }

    func add(to router: some RouterMethods<WebContext>) {
        router.get("parcours/{id}", use: show)
        router.post("parcours/{id}/retour", use: confirmHomeReturn)
        router.post("parcours/{id}/protocole", use: applyProtocol)
        router.post("parcours/{id}/ordonnance-recue", use: obtainPrescription)
    }

    // MARK: - Showing

    @Sendable private func show(_ request: Request, _ context: WebContext) async throws -> Response {
        let caller = try PageCaller.of(request, services)
        let stream = try request.pathway(context)
        try await services.awaitMinimum(of: request)
        let state = try services.territory()
        let pathway = try services.open(stream, to: caller, state)
        let query = QueryReader(request)
        let asOf = try AsOf(request, services)
        let isPast = try query.position() != nil || query.instant("at") != nil
        guard let timeline = try services.timeline.timeline(of: stream, asOf: asOf.position),
            let replayed = try services.replay.run(
                stream: stream,
                until: .position(timeline.position),
                now: asOf.now,
                referent: state.territory?.referent.rpps.value
            )
        else { throw Problem.unknownPathway }
        let clock = try FormClock.of(services, asOf.now)
        let page = PathwayPage(
            replayed,
            timeline: timeline,
            PathwayPage.Surroundings(
                caller: caller,
                clock: clock,
                territory: state,
                flash: Flash(of: request),
                key: services.coordinator.ids.next().description,
                asOf: isPast ? PathwayPage.AsOfBanner(at: clock.moment(asOf.now), position: timeline.position) : nil,
                isIdentityMasked: try isOpposed(pathway),
                name: { try? services.directory.name(of: $0) },
                ledger: isPast ? nil : try ledger(of: stream, pathway, for: caller, state, clock)
            )
        )
        return pages.response(page)
    }

    private func ledger(
        of stream: StreamID,
        _ pathway: Pathway,
        for caller: PageCaller,
        _ state: TerritoryState,
        _ clock: FrenchClock
    ) throws -> PathwayLedger? {
        guard let notifications = services.notifications else { return nil }
        let view = LedgerView(
            try notifications.ledger(stream.hex),
            of: pathway,
            for: caller.rpps,
            seesAll: caller.isReferent || caller.isHospital,
            referent: state.territory?.referent.rpps.value
        )
        return PathwayLedger(view, PeopleNames(services, state.territory), clock, title: notifications.title)
    }

    /// As the patient wishes now, under whichever of their numbers: an earlier moment does not show what they have since had masked.
    private func isOpposed(_ pathway: Pathway) throws -> Bool {
        guard let patient = pathway.reference?.patient else { return false }
        let loader = services.coordinator.loader
        return try loader.person(of: services.coordinator.streams.patient(patient)).contains { try loader.patient($0).state.isOpposed }
    }

    // MARK: - Acting

    @Sendable private func confirmHomeReturn(_ request: Request, _ context: WebContext) async throws -> Response {
        try await perform(request, context, said: .homeReturnConfirmed) { form, stream, caller in
            let now = services.time.now()
            guard let evidence = form["comment"].flatMap(HomeReturnEvidence.init(rawValue:)) else { throw FormFault(.reasonMissing) }
            let step = HospitalDesk.Step.confirmHomeReturn(at: try form.instant("quand", try FormClock.of(services, now), now), evidence)
            guard let key = form.requestKey("retour/\(stream.hex)") else { throw Problem.missingKey }
            return try await services.hospitalDesk.perform(step, on: stream, by: caller, key: key)
        }
    }

    @Sendable private func obtainPrescription(_ request: Request, _ context: WebContext) async throws -> Response {
        try await perform(request, context, said: .prescriptionObtained) { form, stream, caller in
            guard let report = form["signalement"] else { throw Problem.unknownReport }
            guard let key = form.requestKey("ordonnance-recue/\(stream.hex)/\(report)") else { throw Problem.missingKey }
            let step = PathwayDesk.Step.obtainPrescription(report: report, at: services.time.now())
            return try await services.pathwayDesk.perform(step, on: stream, by: caller, key: key)
        }
    }

    @Sendable private func applyProtocol(_ request: Request, _ context: WebContext) async throws -> Response {
        try await perform(request, context, said: .protocolApplied) { form, stream, caller in
            guard caller.attribution.capacity != .professional, let id = form["protocole"] else {
                throw Problem(
                    .forbidden,
                    "pathway-not-yours",
                    "This is the unit's or the référent's to do",
                    "The caller may not apply protocols here."
                )
            }
            return try await services.followUpDesk.apply(
                protocol: id,
                to: stream,
                by: caller,
                key: form.requestKey("protocole/\(stream.hex)")
            )
        }
    }

    private func perform(
        _ request: Request,
        _ context: WebContext,
        said message: FlashMessage,
        _ act: (FormBody, StreamID, Caller) async throws -> Coordinator.Outcome
    ) async throws -> Response {
        let caller = try PageCaller.of(request, services)
        let stream = try request.pathway(context)
        try services.open(stream, to: caller, try services.territory())
        let path = "/parcours/\(stream.hex)"
        do {
            let outcome = try await act(try await FormBody(of: request), stream, caller.caller)
            let isShown = await services.awaitPosition(outcome.position, WebServices.longestWait)
            throw SeeOther(path, isShown ? message : .soon)
        } catch {
            guard let fault = FormFault(error) else { throw error }
            throw SeeOther(path, fault.message)
        }
    }
}
