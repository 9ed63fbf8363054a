import Coordination
import EventStore
import Hummingbird
import Pathways

/// A write of the API, with what every write must say: who acts, and under which idempotency key.
struct WriteRequest {
    static let bodyLimit = 64 * 1_024
    private static let keyLimit = 200

    let caller: Caller
    let key: RequestKey
    let body: JSONObject

    /// - Throws: `Problem`; `CallerError`; `CodecError` if the body is not a JSON object. An absent body reads as an empty object.
    init(_ request: Request, _ services: WebServices) async throws {
        guard let name = request.header("idempotency-key"), (1...Self.keyLimit).contains(name.utf8.count),
            name.utf8.allSatisfy({ (0x21...0x7E).contains($0) })
        else { throw Problem.missingKey }
        guard let actor = request.header("relais-actor") else { throw Problem.missingActor }
        caller = try Caller(urn: actor, in: try services.territory())
        let bytes = try await request.bytes(upTo: Self.bodyLimit)
        body = try JSONDocument(bytes.isEmpty ? Array("{}".utf8) : bytes).object()
        // The path is part of what is asked: the same body sent elsewhere is another request.
        key = RequestKey(key: name, body: Array("\(request.method.rawValue) \(request.uri.path)\n".utf8) + bytes)
    }
}

extension WebServices {
    /// How long a read waits at most for the position that it asks for.
    static let longestWait = Duration.seconds(2)

    /// Read-your-writes: waits until the views have taken in `min-position`, if the query names one.
    /// - Throws: `Problem` 409 if the log is not that long; 503 if the views do not come that far in time.
    func awaitMinimum(of request: Request) async throws {
        guard let position = try QueryReader(request).position("min-position") else { return }
        let head = try coordinator.log.head().position
        guard position <= head else {
            throw Problem(
                .conflict,
                "position-unknown",
                "The log has no such position",
                "min-position is \(position), the log ends at \(head): it is of another log, or of one since restored."
            )
        }
        guard await awaitPosition(position, Self.longestWait) else { throw Problem.viewsBehind(position) }
    }
}

extension Problem {
    static func viewsBehind(_ position: Int64) -> Problem {
        Problem(
            .serviceUnavailable,
            "views-behind",
            "The views have not come that far yet",
            "Waited for position \(position); try again.",
            retryAfter: 1
        )
    }
}
