import Coordination
import EventStore
import Hummingbird
import Pathways
import Projections
import Timekeeping

/// What professionals do with their follow-ups.
struct FollowUpRoutes {
    static let noteLimit = 2_000

    private let services: WebServices

    init(_ services: WebServices) { self.services = services }

    func add(to router: some RouterMethods<WebContext>) {
        router.post("follow-ups/{id}/accept") { request, context in
            try await perform(request, context) { body in
                let team = try Self.team(body)
                return team.map { FollowUpDesk.Action.claim(team: $0) } ?? .accept
            }
        }
        router.post("follow-ups/{id}/decline") { request, context in
            try await perform(request, context) { body in
                let reason: DeclineReason = try body.word("reason")
                let team = try Self.team(body)
                return team.map { FollowUpDesk.Action.declineForTeam($0, reason) } ?? .decline(reason)
            }
        }
        router.post("follow-ups/{id}/complete") { request, context in
            try await perform(request, context) { body in
                .complete(at: try services.past(body.instant("at")), try body.word("outcome"), note: try Self.note(in: body))
            }
        }
        router.post("follow-ups/{id}/note") { request, context in
            try await perform(request, context) { .note(try Self.note(try $0.string("note"))) }
        }
        router.post("follow-ups/{id}/acknowledge") { request, context in
            try await perform(request, context) { _ in .acknowledgeWithdrawal }
        }
        router.post("follow-ups/{id}/solicit-again") { request, context in
            try await perform(request, context) { _ in .solicitAgain }
        }
    }

    private func perform(
        _ request: Request,
        _ context: WebContext,
        _ read: @Sendable (JSONObject) throws -> FollowUpDesk.Action
    ) async throws -> Response {
        let write = try await WriteRequest(request, services)
        let action = try read(write.body)
        try await services.awaitMinimum(of: request)
        let followUp = try context.parameters.require("id")
        guard let pathway = try services.timeline.pathway(ofFollowUp: followUp) else { throw Problem.unknownFollowUp }
        if case .note = action { try services.open(pathway, to: write.caller) }
        let outcome = try await services.followUpDesk.perform(action, on: followUp, in: pathway, by: write.caller, key: write.key)
        return outcome.response(pathway: pathway.hex, followUp: followUp)
    }

    /// The team of the directory that one answers for.
    private static func team(_ body: JSONObject) throws -> String? {
        try IdentityMembers.optional(try body.optionalString("team"), "team")
    }

    /// A note that may be left out.
    static func note(in body: JSONObject) throws -> String? { try body.optionalString("note").map { try note($0) } }

    private static func note(_ text: String) throws -> String {
        guard !text.allSatisfy(\.isWhitespace), text.count <= noteLimit else {
            throw Problem.malformed(member: "note", "must have 1 to \(noteLimit) characters")
        }
        return text
    }
}
