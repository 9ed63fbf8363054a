import Coordination
import EventStore
import Pathways
import Timekeeping

/// A log read once, opened and in memory.
///
/// Of the senders' streams (raw messages, keys reused) the envelopes are kept alone: no decision of the planner reads them.
struct History: Sendable {
    let identity: String
    let streams: StreamNames
    /// By position, from 1 without gaps; payloads in clear.
    let events: [RecordedEvent]
    /// What each says; nil if it was erased, is of no use here, or is of a newer version.
    let says: [DomainEvent?]
    /// Of each stream, the positions.
    let positions: [StreamID: [Int64]]
    /// Streams of which something was erased.
    let erased: Set<StreamID>

    private static let unread: Set<String> = [
        MessageReceived.type, MessageRepaired.type, MessageDiscarded.type, CommandKeyReused.type, ParkingDiscarded.type,
    ]

    /// - Throws: `CoordinationError.unreadable` if an event cannot be opened or decoded; `EventStoreError` if storage fails.
    init(reading log: any EventReader, sealer: any PayloadSealer, streams: StreamNames) throws {
        identity = log.identity
        self.streams = streams
        var events: [RecordedEvent] = []
        var says: [DomainEvent?] = []
        var positions: [StreamID: [Int64]] = [:]
        var erased: Set<StreamID> = []
        try log.forEachEvent(after: 0, through: try log.head().position) { recorded in
            var event = recorded
            event.keyID = nil
            var decoded: DomainEvent?
            if Self.unread.contains(recorded.type) {
                event.payload = []
            } else {
                do {
                    if let payload = try sealer.payload(of: recorded) {
                        event.payload = payload
                        decoded = try DomainEvent(type: recorded.type, payload: payload)
                    } else {
                        event.payload = []
                        event.keyID = OpenedSealer.erased
                        erased.insert(recorded.stream)
                    }
                } catch let error as EventStoreError {
                    throw error
                } catch {
                    throw CoordinationError.unreadable(position: recorded.position, type: recorded.type, problem: "\(error)")
                }
            }
            events.append(event)
            says.append(decoded)
            positions[event.stream, default: []].append(event.position)
        }
        self.events = events
        self.says = says
        self.positions = positions
        self.erased = erased
    }

    /// The log's last position.
    var head: Int64 { Int64(events.count) }

    /// - Parameter position: of an event that there is.
    subscript(position: Int64) -> RecordedEvent { events[Int(position) - 1] }

    /// What the event at a position says of its pathway; nil if it is another event, or erased.
    func pathwayEvent(at position: Int64) -> PathwayEvent? {
        if case .pathway(let event) = says[Int(position) - 1] { event } else { nil }
    }

    /// The last position recorded before an instant; 0 if there is none.
    func position(before instant: Instant) -> Int64 {
        var low = 0
        var high = events.count
        while low < high {
            let middle = (low + high) / 2
            if events[middle].recordedAt < instant { low = middle + 1 } else { high = middle }
        }
        return Int64(low)
    }

    /// The version of a stream as it stood at a position.
    func version(of stream: StreamID, at position: Int64) -> Int64 {
        guard let own = positions[stream] else { return 0 }
        var low = 0
        var high = own.count
        while low < high {
            let middle = (low + high) / 2
            if own[middle] <= position { low = middle + 1 } else { high = middle }
        }
        return Int64(low)
    }
}
