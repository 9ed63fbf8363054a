import Coordination
import EventStore
import Hummingbird
import Pathways
import Projections
import Timekeeping

/// Pathways: the hospital's steps, protocols, and reading them now or as they stood.
struct PathwayRoutes {
    private let services: WebServices

    init(_ services: WebServices) { self.services = services }

    func add(to router: some RouterMethods<WebContext>) {
        router.post("pathways", use: admit)
        router.get("pathways", use: find)
        router.get("pathways/{id}", use: show)
        router.get("pathways/{id}/timeline", use: timeline)
        router.post("pathways/{id}/discharge-planned", use: planDischarge)
        router.post("pathways/{id}/discharge", use: discharge)
        router.post("pathways/{id}/home-return", use: confirmHomeReturn)
        router.post("pathways/{id}/protocols", use: applyProtocol)
    }

    // MARK: - Writing

    @Sendable private func admit(_ request: Request, _ context: WebContext) async throws -> Response {
        let write = try await WriteRequest(request, services)
        let body = try AdmissionBody(write.body, environment: services.environment)
        let (pathway, outcome) = try await services.hospitalDesk.admit(body.admission, by: write.caller, key: write.key)
        return outcome.response(.created, pathway: pathway.hex, location: "/api/v1/pathways/\(pathway.hex)")
    }

    @Sendable private func planDischarge(_ request: Request, _ context: WebContext) async throws -> Response {
        try await perform(request, context) { .planDischarge(at: try $0.instant("at")) }
    }

    @Sendable private func discharge(_ request: Request, _ context: WebContext) async throws -> Response {
        try await perform(request, context) { body in
            let mode = DischargeMode(
                destination: try body.word("destination"),
                exitMode: try body.optionalString("exitMode"),
                exitDestination: try body.optionalString("exitDestination"),
                receivingFacility: try body.optionalString("receivingFacility")
            )
            return .discharge(at: try services.past(body.instant("at")), mode)
        }
    }

    @Sendable private func confirmHomeReturn(_ request: Request, _ context: WebContext) async throws -> Response {
        try await perform(request, context, forTheCircle: true) {
            .confirmHomeReturn(at: try services.past($0.instant("at")), try $0.word("howKnown"))
        }
    }

    @Sendable private func applyProtocol(_ request: Request, _ context: WebContext) async throws -> Response {
        let pathway = try request.pathway(context)
        let write = try await WriteRequest(request, services)
        try services.open(pathway, to: write.caller)
        let outcome = try await services.followUpDesk.apply(
            protocol: try write.body.string("protocol"),
            to: pathway,
            by: write.caller,
            key: write.key
        )
        return outcome.response(pathway: pathway.hex)
    }

    /// - Parameter forTheCircle: whether it is told by those who care for the patient, rather than by the hospital's staff.
    private func perform(
        _ request: Request,
        _ context: WebContext,
        forTheCircle: Bool = false,
        _ read: @Sendable (JSONObject) throws -> HospitalDesk.Step
    ) async throws -> Response {
        let pathway = try request.pathway(context)
        let write = try await WriteRequest(request, services)
        if forTheCircle { try services.open(pathway, to: write.caller) }
        let outcome = try await services.hospitalDesk.perform(try read(write.body), on: pathway, by: write.caller, key: write.key)
        return outcome.response(pathway: pathway.hex)
    }

    // MARK: - Reading

    @Sendable private func find(_ request: Request, _ context: WebContext) async throws -> Response {
        guard let visit = request.query("visit") else {
            throw Problem.malformed(parameter: "visit", "must name a visit (PV1-19); pathways are not listed")
        }
        try await services.awaitMinimum(of: request)
        let found = try services.timeline.pathways(visit: visit, facility: request.query("facility"))
        return try JSONAnswer.response(encoding: PathwayList(pathways: found.map(\.hex)))
    }

    @Sendable private func show(_ request: Request, _ context: WebContext) async throws -> Response {
        let pathway = try request.pathway(context)
        try await services.awaitMinimum(of: request)
        let query = QueryReader(request)
        var until: [PathwayReplay.Until] = []
        if let position = try query.position() { until.append(.position(position)) }
        if let instant = try query.instant("at") { until.append(.recordedAt(instant)) }
        if let instant = try query.instant("occurred-by") { until.append(.occurredBy(instant)) }
        guard until.count <= 1 else { throw Problem.malformed(parameter: "at", "position and occurred-by exclude each other") }
        let now =
            switch until.first {
            case .recordedAt(let instant), .occurredBy(let instant): instant
            case .position, .now, nil: services.time.now()
            }
        let referent = try services.territory().territory?.referent.rpps.value
        guard let replayed = try services.replay.run(stream: pathway, until: until.first ?? .now, now: now, referent: referent) else {
            throw Problem.unknownPathway
        }
        return try JSONAnswer.response(encoding: replayed)
    }

    @Sendable private func timeline(_ request: Request, _ context: WebContext) async throws -> Response {
        let pathway = try request.pathway(context)
        try await services.awaitMinimum(of: request)
        let query = QueryReader(request)
        let (cursor, limit) = (try query.cursor(), try query.limit())
        let asOf = try cursor?.asOf ?? AsOf(request, services).position
        guard let timeline = try services.timeline.timeline(of: pathway, asOf: asOf) else {
            // Its own story had not begun there: what led to it had, and it is no unknown pathway.
            guard let asOf, let later = try services.timeline.timeline(of: pathway) else { throw Problem.unknownPathway }
            let entries = later.entries.filter { $0.position <= asOf }.map(TimelinePage.Entry.init)
            return try JSONAnswer.response(
                encoding: TimelinePage(
                    pathway: pathway.hex,
                    facility: later.facility,
                    visit: later.visit,
                    position: asOf,
                    entries: entries,
                    next: nil
                )
            )
        }
        let page = timeline.entries.filter { $0.position > cursor?.after ?? 0 }.prefix(limit)
        let isLast = page.last?.position == timeline.entries.last?.position || page.isEmpty
        let next = isLast ? nil : page.last.map { Cursor(asOf: timeline.position, after: $0.position).text }
        return try JSONAnswer.response(
            encoding: TimelinePage(
                pathway: pathway.hex,
                facility: timeline.facility,
                visit: timeline.visit,
                position: timeline.position,
                entries: page.map(TimelinePage.Entry.init),
                next: next
            )
        )
    }
}
