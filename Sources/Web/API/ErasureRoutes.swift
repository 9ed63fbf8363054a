import Coordination
import EventStore
import Hummingbird
import Pathways
import Projections

/// Erasing a patient: on the word of the référent-parcours, on a stated ground, for good.
struct ErasureRoutes {
    private let services: WebServices
    private let erasures: ErasureServices

    init(_ services: WebServices, _ erasures: ErasureServices) {
        self.services = services
        self.erasures = erasures
    }

    func add(to router: some RouterMethods<WebContext>) {
        router.post("erasures", use: erase)
    }

    /// The key of the request is asked for as on every write; repeating an erasure does nothing, since nothing is left.
    @Sendable private func erase(_ request: Request, _ context: WebContext) async throws -> Response {
        let write = try await WriteRequest(request, services)
        guard write.caller.attribution.capacity == .referent else { throw Problem.referentOnly }
        let reason: PatientErased.Reason = try write.body.word("reason")
        let patients = try await patients(in: write.body)
        let extent = try erasures.extent(patients)
        let isDryRun = try write.body.flag("dryRun")
        if extent.keys.isEmpty {
            // Erased before, perhaps by a run that was broken off: what it left undone is done now.
            guard try erasures.isErased(patients) else { throw Problem.unknownPatient }
            if !isDryRun { try await erasures.finish() }
            return try answer(extent, erased: true, position: nil)
        }
        if isDryRun { return try answer(extent, erased: false, position: nil) }
        let erasure = try await erasures.erase(patients, reason, write.caller)
        return try answer(erasure.extent, erased: true, position: erasure.position, tracesRemain: erasure.tracesRemain)
    }

    private func answer(_ extent: ErasureDesk.Extent, erased: Bool, position: Int64?, tracesRemain: Bool = false) throws -> Response {
        try JSONAnswer.response(
            encoding: ErasureAnswer(
                erased: erased,
                keys: extent.keys.count,
                streams: extent.streams.count,
                position: position,
                tracesRemain: tracesRemain
            )
        )
    }

    /// By their local number; with a national identity, every local number that carries it.
    private func patients(in body: JSONObject) async throws -> Set<StreamID> {
        if let named = try body.optionalObject("patient") {
            return [services.coordinator.streams.patient(try IdentityMembers.identifier(named, "patient"))]
        }
        let ins = try INS(number: try body.string("ins"), oid: IdentityMembers.usualOID(services.environment))
        // The index must have seen everything that is recorded.
        let head = try services.coordinator.log.head().position
        guard await services.awaitPosition(head, WebServices.longestWait) else { throw Problem.viewsBehind(head) }
        return try erasures.patientsOfINS(ins)
    }
}

/// How much was erased, or would be.
private struct ErasureAnswer: Encodable {
    let erased: Bool
    let keys: Int
    let streams: Int
    let position: Int64?
    /// Repeat it once nobody else reads the key store: wrapped keys may stand in its write-ahead log.
    let tracesRemain: Bool
}
