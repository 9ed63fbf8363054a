import Coordination
import EventStore
import Hummingbird
import Intake
import Pathways
import Projections

/// Messages that were refused with AE: listed, shown masked, read again with corrections, or put aside. Decided by the référent-parcours.
struct QuarantineRoutes {
    private static let correctionLimit = 50
    private static let locationLimit = 40
    private static let valueLimit = 2_000

    private let services: WebServices

    init(_ services: WebServices) { self.services = services }

    func add(to router: some RouterMethods<WebContext>) {
        router.get("quarantine", use: list)
        router.get("quarantine/{id}", use: show)
        router.post("quarantine/{id}/repair", use: repair)
        router.post("quarantine/{id}/discard", use: discard)
    }

    // MARK: - Reading

    @Sendable private func list(_ request: Request, _ context: WebContext) async throws -> Response {
        try await services.awaitMinimum(of: request)
        let query = QueryReader(request)
        let (cursor, limit) = (try query.cursor(), try query.limit())
        let status = try request.query("status").map { text in
            guard let status = QuarantinedMessage.Status(rawValue: text) else {
                let words = QuarantinedMessage.Status.allCases.map(\.rawValue).joined(separator: ", ")
                throw Problem.malformed(parameter: "status", "must be one of \(words)")
            }
            return status
        }
        // One more than asked for tells whether there is another page.
        let found = try services.quarantine.messages(status: status, after: cursor?.after ?? 0, limit: limit + 1)
        let page = Array(found.prefix(limit))
        let next = found.count > limit ? page.last.map { Cursor(asOf: $0.position, after: $0.position).text } : nil
        return try JSONAnswer.response(encoding: QuarantinePage(messages: page, next: next))
    }

    @Sendable private func show(_ request: Request, _ context: WebContext) async throws -> Response {
        try await services.awaitMinimum(of: request)
        let message = try message(context)
        let masked = try services.quarantineDesk.show(at: message.position)
        return try JSONAnswer.response(encoding: QuarantinedMessagePage(message: message, content: MaskedMessageDocument(masked)))
    }

    // MARK: - Deciding

    @Sendable private func repair(_ request: Request, _ context: WebContext) async throws -> Response {
        let write = try await decision(request)
        let corrections = try write.body.objects("corrections") { object throws(CodecError) in
            MessageCorrection(location: try object.string("location"), value: try object.string("value"))
        }
        guard corrections.count <= Self.correctionLimit else {
            throw Problem.malformed(member: "corrections", "must have at most \(Self.correctionLimit) entries")
        }
        for correction in corrections {
            _ = try IdentityMembers.text(correction.location, "corrections.location", limit: Self.locationLimit)
            guard correction.value.count <= Self.valueLimit else {
                throw Problem.malformed(member: "corrections.value", "must have at most \(Self.valueLimit) characters")
            }
        }
        try await services.awaitMinimum(of: request)
        let message = try message(context)
        let result = try await services.quarantineDesk.repair(
            message.id,
            at: message.position,
            corrections: corrections,
            by: write.caller,
            key: write.key
        )
        switch result {
        case .repaired(let outcome, let position):
            return JSONAnswer.response { json in
                json.write("message", message.id.description)
                json.write("outcome", outcome)
                json.write("position", position)
            }
        case .stillFaulty(let faults): throw Problem.stillFaulty(faults)
        }
    }

    @Sendable private func discard(_ request: Request, _ context: WebContext) async throws -> Response {
        let write = try await decision(request)
        let reason: DiscardReason = try write.body.word("reason")
        let note = try IdentityMembers.optional(try write.body.optionalString("note"), "note", limit: FollowUpRoutes.noteLimit)
        try await services.awaitMinimum(of: request)
        let message = try message(context)
        let outcome = try await services.quarantineDesk.discard(
            message.id,
            at: message.position,
            reason: reason,
            note: note,
            by: write.caller,
            key: write.key
        )
        return JSONAnswer.response { json in
            json.write("message", message.id.description)
            json.write("position", outcome.position)
        }
    }

    private func decision(_ request: Request) async throws -> WriteRequest {
        let write = try await WriteRequest(request, services)
        guard write.caller.attribution.capacity == .referent else { throw Problem.referentOnly }
        return write
    }

    private func message(_ context: WebContext) throws -> QuarantinedMessage {
        guard let id = EventID(try context.parameters.require("id")), let message = try services.quarantine.message(id) else {
            throw Problem.unknownMessage
        }
        return message
    }
}

/// A page of the quarantine.
private struct QuarantinePage: Encodable {
    let messages: [QuarantinedMessage]
    /// The cursor of the page after; absent on the last.
    let next: String?
}

/// A message in quarantine, and what an operator may see of it.
private struct QuarantinedMessagePage: Encodable {
    let message: QuarantinedMessage
    let content: MaskedMessageDocument
}
