import HL7v2
import HTTPTypes
public import Logging
import Timekeeping

/// Takes in what partners send by another way than HTTP: sees who it is, and what they may, then asks the API as they would have by HTTP. The
/// same key, the same idempotency, the same answer.
///
/// Never throws and never waits for anything but the log: each record gets an answer, whatever its bytes.
public struct PartnerGate: Sendable {
    private static let hl7 = "application/hl7-v2"
    /// How long a signed record may lie in the topic: as long as records are kept, and a day. Within, a copy of it is recognised by its key.
    private static let longestWait: Int64 = 8 * 86_400
    /// How far ahead a sender's clock may be.
    private static let tolerance: Int64 = 300

    private let partners: [String: PartnerRights]
    private let client: InProcessClient
    private let time: TimeSource

    /// - Throws: `TemplateFault`.
    public init(_ partners: [PartnerRights], services: WebServices, logger: Logger) throws {
        self.partners = Dictionary(partners.map { ($0.id, $0) }) { first, _ in first }
        client = try InProcessClient(services, logger: logger)
        time = services.time
    }

    public func answer(_ record: PartnerRecord) async -> PartnerAnswer {
        let rights: PartnerRights
        do {
            rights = try sender(of: record)
        } catch {
            return await client.refusal(error, id: record.place)
        }
        var answer: PartnerAnswer
        do {
            answer = try await perform(record, rights)
        } catch {
            answer = await client.refusal(error, id: record.place)
        }
        answer.partner = rights.id
        return answer
    }

    // MARK: - Who

    private func sender(of record: PartnerRecord) throws(Problem) -> PartnerRights {
        guard let name = record.partner, let rights = partners[name] else { throw .unknownPartner }
        guard let verify = rights.verify else { return rights }
        guard let signature = record.signature else { throw .unsigned("webhook-id, webhook-timestamp and webhook-signature are needed.") }
        // The key is what makes a copy of the record harmless: it must be the one that was signed.
        guard record.key.map({ $0.elementsEqual(signature.id.utf8) }) ?? true else { throw .unsigned("webhook-id is not the record's key.") }
        let (age, overflow) = (time.now().millisecondsSinceEpoch / 1_000).subtractingReportingOverflow(signature.timestamp)
        guard !overflow, (-Self.tolerance...Self.longestWait).contains(age) else {
            throw .unsigned("webhook-timestamp is too old, or in the future.")
        }
        guard verify(signature, record.value ?? []) else { throw .unsigned("The signature is not this partner's over this value.") }
        return rights
    }

    // MARK: - What

    private func perform(_ record: PartnerRecord, _ rights: PartnerRights) async throws(Problem) -> PartnerAnswer {
        guard record.canBeAnswered else { throw .badReplyTo }
        guard let value = record.value, !value.isEmpty else { throw .unreadable("The record has no value.") }
        let type = (record.contentType ?? "").prefix { $0 != ";" }.filter { $0 != " " }.lowercased()
        if type.hasPrefix(Self.hl7) { return try await take(value, rights, record.place) }
        guard type == PartnerCommand.contentType else { throw .unsupportedType }
        let command = try PartnerCommand(value)
        guard command.isAllowed else { throw .operationNotAllowed }
        guard rights.actors.contains(command.actor) else { throw .notInPolicy("actor is not among those in whose name this partner may act.") }
        var headers: HTTPFields = [.contentType: "application/json"]
        if let name = HTTPField.Name("Relais-Actor") { headers[name] = "urn:rpps:\(command.actor)" }
        // What cannot be a header is no key: the route says so.
        if let key = record.key, key.allSatisfy({ (0x21...0x7E).contains($0) }), let name = HTTPField.Name("Idempotency-Key") {
            headers[name] = String(decoding: key, as: UTF8.self)
        }
        var answer = await client.post(command.path, headers, command.body, id: record.place)
        answer.isUnavailable = answer.status == 503
        return answer
    }

    private func take(_ value: [UInt8], _ rights: PartnerRights, _ place: String) async throws(Problem) -> PartnerAnswer {
        // What cannot be read names no hospital, and is answered as by HTTP: nothing comes of it.
        if let message = try? Message(parsing: value) {
            let facility = message.header.sendingFacility
            let names = [facility.namespaceID.text, facility.universalID.text].compactMap(\.self)
            guard names.contains(where: rights.facilities.contains) else {
                throw .notInPolicy("MSH-4 names no hospital of whose movements this partner may tell.")
            }
        } else if rights.facilities.isEmpty {
            throw .notInPolicy("This partner tells of no hospital's movements.")
        }
        var answer = await client.post("/api/v1/hl7", [.contentType: "application/hl7-v2+er7"], value, id: place)
        // An acknowledgement of what was recorded tells its position.
        answer.isUnavailable = answer.status == 503 || (answer.status == 200 && answer.headers["relais-position"] == nil)
        return answer
    }
}
