public import Pathways

/// A pathway as it was, with what was said of it until then.
public struct PathwayPast: Sendable {
    public let pathway: Pathway
    private let events: [(id: String, event: PathwayEvent)]

    public init(_ pathway: Pathway, events: [(id: String, event: PathwayEvent)]) {
        self.pathway = pathway
        self.events = events
    }

    /// - Parameter id: as in its envelope.
    func event(_ id: String) -> PathwayEvent? { events.last { $0.id == id }?.event }
}
