public import EventStore
import Pathways
import Timekeeping

extension Coordinator {
    /// Like `perform`; when the caller sent another body under a key already used, the refusal is recorded before it is thrown (I4).
    public func performRecordingReuse(
        _ key: CommandKey?,
        _ caller: Caller,
        _ body: (inout UnitOfWork) throws -> [UInt8]
    ) async throws -> Outcome {
        do {
            return try await perform(key, body)
        } catch let error as EventStoreError where error.code == .commandKeyReused {
            if let key {
                let event = CommandKeyReused(scope: key.scope, keyDigest: streams.keyed(key).key)
                let author = Author(source: caller.urn, actor: caller.urn, occurredAt: time.now())
                _ = try await perform(nil) { work in
                    work.record(event, on: streams.intake(facility: "relais", application: "api"), by: author)
                    return []
                }
            }
            throw error
        }
    }
}
