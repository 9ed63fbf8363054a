import Coordination
import EventStore
import Hummingbird
import Pathways
import Timekeeping

/// What is done at a patient's request and destroys nothing: opposition and its lifting, consent to sharing and its withdrawal, correction, taking
/// back a note. And telling two patients apart whom the hospital merged.
struct PatientRoutes {
    private let services: WebServices

    init(_ services: WebServices) { self.services = services }

    func add(to router: some RouterMethods<WebContext>) {
        router.post("patients/opposition", use: oppose)
        router.post("patients/opposition-lifted", use: liftOpposition)
        router.post("patients/consents", use: consent)
        router.post("patients/consents/withdrawn", use: withdrawConsent)
        router.post("patients/identity-correction", use: correct)
        router.post("patients/unmerge", use: unmerge)
        router.post("pathways/{id}/retract", use: retract)
    }

    @Sendable private func oppose(_ request: Request, _ context: WebContext) async throws -> Response {
        let write = try await WriteRequest(request, services)
        let outcome = try await services.patientDesk.oppose(
            try write.body.optionalWord("basis") ?? .sharing,
            statedAt: try write.body.optionalInstant("statedAt") ?? services.time.now(),
            for: try patient(in: write.body),
            by: write.caller,
            key: write.key
        )
        return outcome.response()
    }

    @Sendable private func liftOpposition(_ request: Request, _ context: WebContext) async throws -> Response {
        let write = try await WriteRequest(request, services)
        let outcome = try await services.patientDesk.liftOpposition(
            statedAt: try write.body.optionalInstant("statedAt") ?? services.time.now(),
            for: try patient(in: write.body),
            by: write.caller,
            key: write.key
        )
        return outcome.response()
    }

    @Sendable private func consent(_ request: Request, _ context: WebContext) async throws -> Response {
        let write = try await WriteRequest(request, services)
        let outcome = try await services.patientDesk.recordConsent(
            try write.body.word("basis"),
            notice: try IdentityMembers.optional(try write.body.optionalString("notice"), "notice"),
            statedAt: try write.body.optionalInstant("statedAt") ?? services.time.now(),
            for: try patient(in: write.body),
            by: write.caller,
            key: write.key
        )
        return outcome.response()
    }

    @Sendable private func withdrawConsent(_ request: Request, _ context: WebContext) async throws -> Response {
        let write = try await WriteRequest(request, services)
        let outcome = try await services.patientDesk.withdrawConsent(
            try write.body.word("basis"),
            statedAt: try write.body.optionalInstant("statedAt") ?? services.time.now(),
            for: try patient(in: write.body),
            by: write.caller,
            key: write.key
        )
        return outcome.response()
    }

    @Sendable private func correct(_ request: Request, _ context: WebContext) async throws -> Response {
        let write = try await WriteRequest(request, services)
        let stated = try write.body.object("corrected")
        func text(_ name: StaticString) throws -> String? {
            try IdentityMembers.optional(try stated.optionalString(name), "corrected.\(name)")
        }
        let correction = IdentityCorrection(
            birthFamilyName: try text("birthName"),
            usedFamilyName: try text("usedName"),
            givenName: try text("givenName"),
            birthDate: try stated.optionalString("birthDate").map(IdentityMembers.birthDate),
            sex: try stated.optionalString("sex").map(IdentityMembers.sex),
            phone: try IdentityMembers.optional(try stated.optionalString("phone"), "corrected.phone", limit: 40),
            address: try stated.optionalObject("address").map(IdentityMembers.address),
            ins: try stated.optionalObject("ins").map { try IdentityMembers.ins($0, services.environment) }
        )
        let outcome = try await services.patientDesk.correctIdentity(
            correction,
            reason: try write.body.word("reason"),
            of: try patient(in: write.body),
            by: write.caller,
            key: write.key
        )
        return outcome.response()
    }

    @Sendable private func retract(_ request: Request, _ context: WebContext) async throws -> Response {
        let pathway = try request.pathway(context)
        let write = try await WriteRequest(request, services)
        guard let event = EventID(try write.body.string("event")) else {
            throw Problem.malformed(member: "event", "must be the id of an event")
        }
        let outcome = try await services.patientDesk.retract(
            event,
            in: pathway,
            reason: try write.body.word("reason"),
            by: write.caller,
            key: write.key
        )
        return outcome.response(pathway: pathway.hex)
    }

    /// Both numbers stand in the body: a local number is not written in an address.
    @Sendable private func unmerge(_ request: Request, _ context: WebContext) async throws -> Response {
        let write = try await WriteRequest(request, services)
        guard write.caller.attribution.capacity == .referent else { throw Problem.referentOnly }
        let outcome = try await services.patientDesk.undoMerge(
            retired: try patient(in: write.body),
            survivor: try patient(in: write.body, "survivor"),
            by: write.caller,
            key: write.key
        )
        return outcome.response()
    }

    private func patient(in body: JSONObject, _ name: StaticString = "patient") throws -> StreamID {
        services.coordinator.streams.patient(try IdentityMembers.identifier(try body.object(name), "\(name)"))
    }
}
