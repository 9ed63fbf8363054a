import Coordination
import EventStore
import Pathways
import Synchronization

/// The directory as it was at a position of the log: whoever reads the log may be behind it.
final class TerritoryHistory: Sendable {
    private struct Chapter {
        let position: Int64
        let state: TerritoryState
    }

    private struct Chapters {
        /// By position; each one up to its event, the first without any.
        var all = [Chapter(position: 0, state: TerritoryState())]
        /// Of the last event in the last of them.
        var version: Int64 = 0
    }

    private static let page = 50
    /// A page of the log seldom holds more changes of the directory.
    private static let most = 64

    private let chapters = Mutex(Chapters())
    private let loader: StateLoader
    private let stream: StreamID

    init(of stream: StreamID, _ loader: StateLoader) {
        self.stream = stream
        self.loader = loader
    }

    /// - Throws: `CoordinationError.unreadable`, `EventStoreError`, or what is wrong with a file that was published.
    func state(before position: Int64) throws -> TerritoryState {
        try chapters.withLock { chapters in
            if let first = chapters.all.first, first.position >= position { chapters = Chapters() }
            reading: while true {
                let page = try loader.reader.read(stream: stream, fromVersion: chapters.version + 1, limit: Self.page)
                for event in page {
                    if event.position >= position { break reading }
                    var state = chapters.all.last?.state ?? TerritoryState()
                    if let says = try loader.decode(event) { try state.evolve(with: says) }
                    chapters.all.append(Chapter(position: event.position, state: state))
                    chapters.version = event.version
                }
                if page.count < Self.page { break }
            }
            if chapters.all.count > Self.most { chapters.all.removeFirst(chapters.all.count - Self.most) }
            return chapters.all.last { $0.position < position }?.state ?? TerritoryState()
        }
    }
}
