import Coordination
import EventStore
import Hummingbird
import Pathways
import Timekeeping

/// What people say of a pathway as a whole: alert signs, prescriptions, PRADO, refusals, its end.
struct PathwayStepRoutes {
    private let services: WebServices

    init(_ services: WebServices) { self.services = services }

    func add(to router: some RouterMethods<WebContext>) {
        router.post("pathways/{id}/alerts") { request, context in
            try await perform(request, context, reports: true) { body, _ in
                .reportAlert(
                    try body.word("sign"),
                    at: try moment(in: body),
                    followUp: try Self.followUp(in: body),
                    called: try Self.called(in: body),
                    note: try FollowUpRoutes.note(in: body)
                )
            }
        }
        router.post("pathways/{id}/prescriptions/missing") { request, context in
            try await perform(request, context, reports: true) { body, _ in
                .reportPrescriptionMissing(
                    at: try moment(in: body),
                    followUp: try Self.followUp(in: body),
                    note: try FollowUpRoutes.note(in: body)
                )
            }
        }
        router.post("pathways/{id}/prescriptions/{report}/obtained") { request, context in
            try await perform(request, context) { body, context in
                .obtainPrescription(report: try context.parameters.require("report"), at: try moment(in: body))
            }
        }
        router.post("pathways/{id}/prado") { request, context in
            try await perform(request, context) { body, _ in .enrolInPrado(at: try moment(in: body)) }
        }
        router.post("pathways/{id}/prado/left") { request, context in
            try await perform(request, context) { body, _ in .leavePrado(at: try moment(in: body)) }
        }
        router.post("pathways/{id}/refusals") { request, context in
            try await perform(request, context) { body, _ in
                .refuseCare(followUps: try Self.followUps(in: body), at: try moment(in: body))
            }
        }
        router.post("pathways/{id}/refusals/taken-back") { request, context in
            try await perform(request, context) { body, _ in .takeBackRefusal(at: try moment(in: body)) }
        }
        router.post("pathways/{id}/close") { request, context in
            try await perform(request, context) { body, _ in .close(try body.word("reason")) }
        }
        router.post("pathways/{id}/reopen") { request, context in
            try await perform(request, context) { _, _ in .reopen }
        }
    }

    /// - Parameter reports: whether the answer names the report that was made.
    private func perform(
        _ request: Request,
        _ context: WebContext,
        reports: Bool = false,
        _ read: @Sendable (JSONObject, WebContext) throws -> PathwayDesk.Step
    ) async throws -> Response {
        let pathway = try request.pathway(context)
        let write = try await WriteRequest(request, services)
        try services.open(pathway, to: write.caller)
        let outcome = try await services.pathwayDesk.perform(try read(write.body, context), on: pathway, by: write.caller, key: write.key)
        return outcome.response(pathway: pathway.hex, report: reports ? outcome.text : nil)
    }

    // MARK: - Members

    private func moment(in body: JSONObject) throws -> Instant { try services.past(body.optionalInstant("at") ?? services.time.now()) }

    private static func followUp(in body: JSONObject) throws -> String? {
        try IdentityMembers.optional(try body.optionalString("followUp"), "followUp", limit: followUpIDLength)
    }

    private static func followUps(in body: JSONObject) throws -> [String] {
        guard body.has("followUps") else { return [] }
        let named = try body.strings("followUps")
        guard (1...followUpLimit).contains(named.count) else {
            throw Problem.malformed(member: "followUps", "must name 1 to \(followUpLimit); leave it out to refuse all")
        }
        return try named.map { try IdentityMembers.text($0, "followUps", limit: followUpIDLength) }
    }

    private static func called(in body: JSONObject) throws -> [EmergencyContact] {
        guard body.has("called") else { return [] }
        var called: [EmergencyContact] = []
        for word in try body.strings("called") {
            guard let contact = EmergencyContact(rawValue: word) else {
                let words = EmergencyContact.allCases.map(\.rawValue).joined(separator: ", ")
                throw Problem.malformed(member: "called", "must hold only: \(words)")
            }
            if !called.contains(contact) { called.append(contact) }
        }
        return called
    }

    private static let followUpLimit = 100
    private static let followUpIDLength = 100
}
