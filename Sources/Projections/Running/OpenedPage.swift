import EventStore
import Pathways

/// A page of events, opened and decoded before the views are locked. What nobody wants, and what was erased (it counts nowhere, I8), is not
/// in it.
struct OpenedPage: Sendable {
    enum Item: Sendable {
        case opened(OpenedEvent)
        /// What was said in this stream so far was erased.
        case erasure(RecordedEvent)
        case unreadable(RecordedEvent, wanted: ProjectionMask, problem: String)
    }

    let items: [Item]
    /// The last event read, wanted or not; nil at the log's end.
    let last: RecordedEvent?

    /// - Parameter projections: those that the page is opened for.
    /// - Throws: what reading the key store throws when it is out of order: the page comes again.
    init(_ events: [RecordedEvent], for projections: ProjectionMask, _ interests: Interests, sealer: any PayloadSealer) throws {
        var items: [Item] = []
        items.reserveCapacity(events.count)
        for event in events {
            // The envelope tells all there is to know, also when the key of this event was destroyed since.
            if event.type == StreamErased.type {
                items.append(.erasure(event))
                continue
            }
            let wanted = interests.mask(of: event.type).intersection(projections)
            if wanted.isEmpty { continue }
            if let item = try Self.open(event, wanted, interests.upcasters, sealer) { items.append(item) }
        }
        self.items = items
        last = events.last
    }

    private static func open(
        _ event: RecordedEvent,
        _ wanted: ProjectionMask,
        _ upcasters: Upcasters,
        _ sealer: any PayloadSealer
    ) throws -> Item? {
        do {
            guard let stored = try sealer.payload(of: event) else { return nil }
            let (type, payload) = try upcasters.upcast(type: event.type, payload: stored)
            guard let decoded = try DomainEvent(currentType: type, payload: payload) else {
                return .unreadable(event, wanted: wanted, problem: "is of an unknown type")
            }
            return .opened(OpenedEvent(recorded: event, type: type, payload: payload, event: decoded, wanted: wanted))
        } catch let error as CodecError {
            return .unreadable(event, wanted: wanted, problem: error.description)
        } catch let error as EventStoreError where error.code == .storageUnavailable {
            throw error
        } catch {
            // Only the kind of error: the text of another room's error may quote what it was given.
            return .unreadable(event, wanted: wanted, problem: "cannot be opened (\(Swift.type(of: error)))")
        }
    }
}
