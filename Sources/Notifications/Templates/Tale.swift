import EventStore
import Pathways

/// What is remembered of a stream that texts are made from. A pathway has few events that are about its stay, and may have hundreds that are
/// about single follow-ups: of these it is only known which ones there are and where they stand, and they are read again when one of their
/// follow-ups is told of.
struct Tale: Sendable {
    enum Content: Sendable {
        case said(DomainEvent)
        case erased
        /// Nothing that texts speak of, or of a later release.
        case other
    }

    struct Entry: Sendable {
        let id: EventID
        let position: Int64
        let version: Int64
        let content: Content
    }

    /// An event that is read again when it is needed.
    private struct Bookmark: Sendable {
        let id: EventID
        let position: Int64
        let version: Int64
        /// Of its numbers in ``named``, which follow each other.
        let first: UInt32
        let count: UInt32
    }

    /// What one kept event may take, in bytes.
    private static let bytesOfEvent = 1_024

    private(set) var entries: [Entry] = []
    private var bookmarks: [Bookmark] = []
    private var named: [UInt32] = []
    private var numbers: [CompactName: UInt32] = [:]

    /// What it takes in memory, in bytes, roughly.
    var footprint: Int {
        entries.count * (MemoryLayout<Entry>.stride + Self.bytesOfEvent) + bookmarks.capacity * MemoryLayout<Bookmark>.stride
            + named.capacity * MemoryLayout<UInt32>.stride
            + numbers.capacity * 4 / 3 * (MemoryLayout<CompactName>.stride + MemoryLayout<UInt32>.stride)
    }

    mutating func append(_ event: RecordedEvent, _ content: Content) {
        guard case .said(.pathway(let says)) = content, let followUps = says.followUpsAlone else {
            entries.append(Entry(id: event.id, position: event.position, version: event.version, content: content))
            return
        }
        let first = UInt32(clamping: named.count)
        for followUp in followUps {
            let name = CompactName(followUp)
            let number = numbers[name] ?? UInt32(clamping: numbers.count)
            numbers[name] = number
            named.append(number)
        }
        bookmarks.append(
            Bookmark(id: event.id, position: event.position, version: event.version, first: first, count: UInt32(clamping: followUps.count))
        )
    }

    /// Those that are kept, in the log's order.
    func entries(upTo position: Int64) -> ArraySlice<Entry> { entries.prefix { $0.position <= position } }

    /// The version of an event that is not kept; nil if there is none of this id.
    func version(of id: EventID, upTo position: Int64) -> Int64? { bookmarks.last { $0.id == id && $0.position <= position }?.version }

    /// The versions of events that are not kept and are about one of these follow-ups.
    func versions(about followUps: Set<String>, upTo position: Int64) -> [Int64] {
        let wanted = Set(followUps.compactMap { numbers[CompactName($0)] })
        if wanted.isEmpty { return [] }
        return bookmarks.prefix { $0.position <= position }.compactMap { bookmark in
            let first = Int(bookmark.first)
            return named[first..<first + Int(bookmark.count)].contains(where: wanted.contains) ? bookmark.version : nil
        }
    }
}
