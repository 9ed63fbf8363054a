public import Pathways

/// One of the territories that this process serves: its id, and the coordinator over its own log and key.
public struct ServedTerritory: Sendable {
    /// As in its territory file.
    public let id: String
    public let coordinator: Coordinator

    public init(id: String, coordinator: Coordinator) {
        self.id = id
        self.coordinator = coordinator
    }

    /// The directory in force; nil before the first publication.
    /// - Throws: `EventStoreError`, `CoordinationError` if its log cannot be read.
    public func published() throws -> Territory? {
        try coordinator.loader.territory(coordinator.streams.territory).state.territory
    }
}
