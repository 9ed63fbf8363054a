import EventStore
import Pathways

/// A page of events, opened and decoded before the views are locked.
struct OpenedPage: Sendable {
    enum Content: Sendable {
        case opened(OpenedEvent)
        /// Of a type that nobody wants: not looked into.
        case unwanted
        /// Its key was destroyed: it counts nowhere (I8).
        case erased
        case unreadable(String)
    }

    let events: [(recorded: RecordedEvent, content: Content)]

    var last: RecordedEvent? { events.last?.recorded }

    /// - Parameter types: the event types to look into.
    /// - Throws: what reading the key store throws when it is out of order: the page comes again.
    init(_ events: [RecordedEvent], of types: Set<String>, sealer: any PayloadSealer) throws {
        self.events = try events.map { ($0, types.contains($0.type) ? try Self.open($0, sealer) : .unwanted) }
    }

    private static func open(_ event: RecordedEvent, _ sealer: any PayloadSealer) throws -> Content {
        do {
            guard let payload = try sealer.payload(of: event) else { return .erased }
            guard let decoded = try DomainEvent(type: event.type, payload: payload) else { return .unreadable("is of an unknown type") }
            return .opened(OpenedEvent(recorded: event, payload: payload, event: decoded))
        } catch let error as CodecError {
            return .unreadable(error.description)
        } catch let error as EventStoreError where error.code == .storageUnavailable {
            throw error
        } catch {
            // Only the kind of error: the text of another room's error may quote what it was given.
            return .unreadable("cannot be opened (\(type(of: error)))")
        }
    }
}
