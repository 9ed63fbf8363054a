import Hummingbird
import Intake
import Pathways

/// Messages of the hospitals over HTTP.
struct MessageRoutes {
    private static let acknowledgementType = "application/hl7-v2+er7"

    private let intake: @Sendable ([UInt8]) async -> IntakeReply

    init(receive: @escaping @Sendable ([UInt8]) async -> IntakeReply) { intake = receive }

    func add(to router: some RouterMethods<WebContext>) {
        router.post("hl7", use: receive)
    }

    /// The message names its sender and its key (MSH): neither `Relais-Actor` nor `Idempotency-Key` is asked for.
    @Sendable private func receive(_ request: Request, _ context: WebContext) async throws -> Response {
        let bytes = try await request.bytes(upTo: HL7Intake.frameLimit)
        switch await intake(bytes) {
        case .acknowledge(let acknowledgement, let receipt):
            var headers = Self.headers(of: receipt)
            headers[.contentType] = Self.acknowledgementType
            return Response(status: .ok, headers: headers, body: ResponseBody(byteBuffer: ByteBuffer(bytes: acknowledgement)))
        case .noAnswer(.notWanted(let receipt)):
            return Response(status: .noContent, headers: Self.headers(of: receipt))
        case .noAnswer(.oversized):
            throw Problem.tooLarge
        case .noAnswer(.unreadable(let error)):
            throw Problem(.badRequest, "unreadable-message", "No acknowledgement is possible", "\(error)")
        }
    }

    /// What to wait for with `min-position`; the acknowledgement has no place for it.
    private static func headers(of receipt: IntakeReceipt) -> HTTPFields {
        guard let position = receipt.position, let name = HTTPFields.Element.Name("Relais-Position") else { return [:] }
        return [name: "\(position)"]
    }
}
