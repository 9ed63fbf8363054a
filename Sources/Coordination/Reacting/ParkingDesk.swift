public import EventStore
import Pathways
import Timekeeping

/// What an operator decides about parked events.
public struct ParkingDesk: Sendable {
    /// `source` of what it records.
    public static let source = "urn:relais:operator"

    private let coordinator: Coordinator
    private let follower: ReactorFollower

    public init(coordinator: Coordinator, follower: ReactorFollower) {
        self.coordinator = coordinator
        self.follower = follower
    }

    /// Does without the effect of one parked event, for good. Who decided and why is an event first; broken off after it, the item is still
    /// parked, and deciding again records nothing twice. Those behind it stay parked until they are tried again.
    ///
    /// - Parameters:
    ///   - reason: holds nothing about a patient.
    ///   - by: who decides, as a URN or a name.
    /// - Returns: nil if this follower has parked no such item.
    /// - Throws: `EventStoreError`, `CoordinationError` if it could not be recorded: the item stays parked.
    public func discard(_ id: Int64, reason: String, by: String) async throws -> DiscardedItem? {
        guard let item = try follower.parked().first(where: { $0.id == id }) else { return nil }
        let body = ParkingDiscarded(follower: item.reactor, sequence: item.sequence.hex, position: item.position, by: by, reason: reason)
        let author = Author(source: Self.source, occurredAt: coordinator.time.now())
        // The item's number starts over with the file; an event that is parked anew is another decision.
        let text = "\(item.reactor)/\(item.position)/\(item.since.millisecondsSinceEpoch)"
        _ = try await coordinator.perform(CommandKey(scope: "discard", key: text, body: [], match: .keyAlone)) { work in
            work.record(body, on: coordinator.streams.operations, by: author)
            return []
        }
        return try follower.discard(id, reason: reason, by: by)
    }
}
