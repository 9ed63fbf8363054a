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

    @Sendable private func erase(_ request: Request, _ context: WebContext) async throws -> Response {
        let write = try await WriteRequest(request, services)
        guard write.caller.attribution.capacity == .referent else { throw Problem.referentOnly }
        let reason: PatientErased.Reason = try write.body.word("reason")
        if let earlier = try erasures.earlier(write.key, write.caller) {
            // Perhaps of a run that was broken off: what it left undone is done now.
            try await erasures.finish()
            return try answer(ErasureAnswer(earlier))
        }
        let patients = try await patients(in: write.body)
        let extent = try erasures.extent(patients)
        let isDryRun = try write.body.flag("dryRun")
        if extent.keys.isEmpty {
            guard try erasures.isErased(patients) else { throw Problem.unknownPatient }
            if !isDryRun { try await erasures.finish() }
            return try answer(ErasureAnswer(extent, erased: true))
        }
        if isDryRun { return try answer(ErasureAnswer(extent, erased: false)) }
        return try answer(ErasureAnswer(try await erasures.erase(patients, reason, write.caller, write.key)))
    }

    private func answer(_ answer: ErasureAnswer) throws -> Response { try JSONAnswer.response(encoding: answer) }

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
    /// Territories that hold a part, and erase for themselves.
    let elsewhere: [String]
    let position: Int64?
    /// Repeat it once nobody else reads the key store: wrapped keys may stand in its write-ahead log.
    let tracesRemain: Bool

    init(_ extent: ErasureDesk.Extent, erased: Bool) {
        self.erased = erased
        keys = extent.keys.count
        streams = extent.streams.count
        elsewhere = extent.elsewhere
        position = nil
        tracesRemain = false
    }

    init(_ erasure: ErasureDesk.Erasure) {
        erased = true
        keys = erasure.keys
        streams = erasure.streams
        elsewhere = erasure.elsewhere
        position = erasure.position
        tracesRemain = erasure.tracesRemain
    }
}
