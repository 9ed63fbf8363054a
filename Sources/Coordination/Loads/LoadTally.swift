import EventStore
import Pathways

/// Who holds which follow-up, folded from the log: the arithmetic that all ledgers share.
struct LoadTally: Sendable {
    struct Holding: Sendable, Hashable {
        let followUp: String
        let stream: StreamID
        let rpps: String
    }

    enum Change: Sendable, Hashable {
        case taken(Holding)
        case ended(followUp: String)
        /// All that its pathway held.
        case erased(StreamID)
    }

    private(set) var position: Int64
    private var holdings: [String: Holding] = [:]
    private var counts: [String: Int] = [:]

    init(position: Int64 = 0, holdings: [Holding] = []) {
        self.position = position
        for holding in holdings { take(holding) }
    }

    var loads: Loads { Loads(position: position, counts: counts) }

    private static let types: Set<String> = [
        FollowUpAccepted.type, FollowUpDeclined.type, FollowUpCompleted.type, FollowUpsWithdrawn.type, StreamErased.type,
    ].reduce(into: []) { $0.formUnion(Upcasters.released.types(readAs: $1)) }

    /// Takes in the log from where this one stands up to its end, page by page.
    ///
    /// - Parameter keep: is told what each page changes, and the position that it ends at.
    mutating func catchUp(with loader: StateLoader, keep: ([Change], Int64) throws -> Void = { _, _ in }) throws {
        while true {
            let page = try loader.reader.read(after: position, limit: StateLoader.pageSize)
            guard let last = page.last else { return }
            var changes: [Change] = []
            for event in page where Self.types.contains(event.type) {
                do {
                    if let says = try loader.decode(event) { changes += Self.changes(says, in: event.stream) }
                } catch CoordinationError.unreadable {
                    continue
                }
            }
            try keep(changes, last.position)
            for change in changes { apply(change) }
            position = last.position
            if page.count < StateLoader.pageSize { return }
        }
    }

    private static func changes(_ event: DomainEvent, in stream: StreamID) -> [Change] {
        switch event {
        case .pathway(.followUpAccepted(let body)): [.taken(Holding(followUp: body.followUp, stream: stream, rpps: body.by.rpps))]
        case .pathway(.followUpDeclined(let body)): body.givenBack ? [.ended(followUp: body.followUp)] : []
        case .pathway(.followUpCompleted(let body)): [.ended(followUp: body.followUp)]
        case .pathway(.followUpsWithdrawn(let body)): body.withdrawals.map { .ended(followUp: $0.followUp) }
        case .streamErased: [.erased(stream)]
        default: []
        }
    }

    private mutating func apply(_ change: Change) {
        switch change {
        case .taken(let holding): take(holding)
        case .ended(let followUp): end(followUp)
        case .erased(let stream):
            for holding in holdings.values where holding.stream == stream { end(holding.followUp) }
        }
    }

    private mutating func take(_ holding: Holding) {
        end(holding.followUp)
        holdings[holding.followUp] = holding
        counts[holding.rpps, default: 0] += 1
    }

    private mutating func end(_ followUp: String) {
        guard let holding = holdings.removeValue(forKey: followUp), let count = counts[holding.rpps] else { return }
        counts[holding.rpps] = count > 1 ? count - 1 : nil
    }
}
