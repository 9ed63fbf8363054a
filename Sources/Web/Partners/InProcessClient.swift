import HTTPTypes
import Hummingbird
import Logging
import Synchronization

/// Asks the routes of a territory from within the process: what comes by another way than HTTP is answered exactly as by HTTP.
struct InProcessClient: Sendable {
    private struct Source: RequestContextSource {
        let logger: Logger
    }

    /// Takes a body in whole.
    private struct Writer: ResponseBodyWriter {
        let box: Box

        func write(_ buffer: ByteBuffer) async throws { box.bytes.withLock { $0 += buffer.readableBytesView } }

        consuming func finish(_ trailingHeaders: HTTPFields?) async throws {}
    }

    private final class Box: Sendable {
        let bytes = Mutex<[UInt8]>([])
    }

    private let responder: RouterResponder<WebContext>
    private let logger: Logger

    /// - Throws: `TemplateFault`.
    init(_ services: WebServices, logger: Logger) throws {
        responder = try WebServer.buildRouter(services: services).buildResponder()
        self.logger = logger
    }

    /// - Parameter id: the instance that a problem document names: the same for a repetition.
    func post(_ path: String, _ headers: HTTPFields, _ body: [UInt8], id: String) async -> PartnerAnswer {
        var logger = logger
        logger[metadataKey: "hb.request.id"] = "\(id)"
        let request = Request(
            head: HTTPRequest(method: .post, scheme: nil, authority: nil, path: path, headerFields: headers),
            body: RequestBody(buffer: ByteBuffer(bytes: body))
        )
        do {
            let response = try await responder.respond(to: request, context: WebContext(within: Source(logger: logger)))
            return try await Self.answer(response)
        } catch {
            // The middlewares map every error; a body that breaks off is ours all the same.
            return await refusal(.unexpected, id: id)
        }
    }

    /// What is answered without asking.
    func refusal(_ problem: Problem, id: String) async -> PartnerAnswer {
        let status = Int(problem.status.code)
        let answer = try? await Self.answer(problem.response(instance: "urn:relais:request:\(id)"))
        return answer ?? PartnerAnswer(status: status, headers: [:], body: [])
    }

    private static func answer(_ response: Response) async throws -> PartnerAnswer {
        let box = Box()
        try await response.body.write(Writer(box: box))
        var headers: [String: String] = [:]
        for field in response.headers where told.contains(field.name.canonicalName) { headers[field.name.canonicalName] = field.value }
        return PartnerAnswer(status: Int(response.status.code), headers: headers, body: box.bytes.withLock { $0 })
    }

    /// What means something without a connection.
    private static let told: Set<String> = ["content-type", "location", "relais-position", "retry-after"]
}
