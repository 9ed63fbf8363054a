import EventStore
import GRDB

extension KeyVault {
    /// Writes a consistent copy to `path` while the store serves, checks it, and only then gives it that name. Data keys stay wrapped:
    /// without the master key the copy opens nothing.
    ///
    /// The copy knows nothing of later erasures: whoever restores it destroys again what the log says was destroyed. Let copies expire.
    ///
    /// - Parameter path: must not exist; its directory must. Only its owner may read it.
    /// - Returns: what checking the copy found; nothing wrong.
    /// - Throws: `EventStoreError` `corrupted` if the copy is not sound, `invalidRequest` if there is a file already, `diskFull`,
    ///   `storageUnavailable`. There is no copy then.
    @discardableResult
    public func backUp(to path: String) throws -> VaultReport {
        guard !KeyStoreFile.exists(path) else {
            throw EventStoreError(.invalidRequest, "There is a file where the copy of the keys should go: choose another path.")
        }
        let partial = "\(path).partial"
        KeyStoreFile.remove(partial)
        // SQLite accepts an empty file, and would make one that others may read.
        try KeyStoreFile.make(partial)
        do {
            try store.copy(to: partial)
            try KeyStoreFile.sync(file: partial)
            let report = try KeyStore.withCopy(at: partial) { try check($0) }
            guard report.isSound else {
                throw EventStoreError(.corrupted, "The copy of the keys has \(report.problemCount) faults: check the key store.")
            }
            try KeyStoreFile.rename(partial, to: path)
            return report
        } catch {
            KeyStoreFile.remove(partial)
            throw error
        }
    }
}
