import EventStore
import Sealing

/// Which keys were handed over. A value: whoever could not publish goes on from a copy made before.
struct KeyHandover: Sendable {
    private enum Stage {
        case destroyed(after: Int64)
        case live(after: Int64)
        case changes
    }

    private var revision: KeyRevision?
    private var stage = Stage.destroyed(after: 0)
    /// Number of the last key handed over.
    private var last: Int64 = 0

    /// The next records, at most about `limit`; none if all were handed over.
    ///
    /// - Throws: `EventStoreError`.
    mutating func next(of vault: KeyVault, limit: Int) throws -> [KeyRecord] {
        while true {
            switch stage {
            case .destroyed(let number):
                // Read before anything else, so that what changes meanwhile is handed over again.
                if revision == nil { revision = vault.replicationRevision }
                let page = try vault.destroyedKeys(afterNumber: number, limit: limit)
                if let end = page.last {
                    stage = .destroyed(after: end.number)
                    return page.map { .destroyed(id: $0.id) }
                }
                stage = .live(after: 0)
            case .live(let number):
                let page = try vault.wrappedKeys(afterNumber: number, limit: limit)
                if let end = page.last {
                    (stage, last) = (.live(after: end.number), end.number)
                    return page.map { .key($0.key) }
                }
                stage = .changes
            case .changes:
                guard let known = revision, let changes = try vault.keyChanges(after: known) else {
                    self = KeyHandover()
                    continue
                }
                revision = changes.revision
                let new = try vault.wrappedKeys(afterNumber: last, limit: limit)
                last = new.last?.number ?? last
                return changes.destroyed.map { .destroyed(id: $0) } + changes.keys.map { .key($0) } + new.map { .key($0.key) }
            }
        }
    }
}
