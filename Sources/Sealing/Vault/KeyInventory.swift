import GRDB

/// What `keys.sqlite` says of each key, read without the master key: nothing is unwrapped.
public final class KeyInventory: Sendable {
    /// What is there of a key.
    public enum State: Sendable, Hashable {
        /// Its wrapped bytes.
        case present
        /// A tombstone.
        case destroyed
        /// Nothing: this file never held it.
        case unknown
    }

    private let store: KeyStore

    private init(_ store: KeyStore) { self.store = store }

    /// Opens the key store of a data directory, whoever writes to it; also where nothing may be written.
    ///
    /// - Throws: ``SealingError`` `noKeyStore`; `EventStoreError` `schemaTooNew`, `corrupted`, `storageUnavailable`.
    public static func openReadOnly(directory: String) throws -> KeyInventory {
        KeyInventory(try KeyStore.openReadOnly(KeyStoreFile(directory: directory)))
    }

    /// The log whose keys these are.
    public var identity: String { store.origin.identity }

    /// - Throws: `EventStoreError`.
    public func state(of keyID: String) throws -> State {
        switch try store.read({ try KeyTable.isPresent(keyID, in: $0) }) {
        case true?: .present
        case false?: .destroyed
        case nil: .unknown
        }
    }

    public func close() throws { try store.close() }
}
