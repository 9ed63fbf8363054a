import Crypto
public import EventStore
public import Timekeeping

/// The data keys of a territory, in `keys.sqlite`: one for each stream, wrapped under a master key.
///
/// ```swift
/// let vault = try KeyVault.open(directory: path, identity: "cpts-demo", master: try MasterKeySource.file(keyPath).load())
/// let log = try SQLiteEventLog.open(.init(directory: path, identity: "cpts-demo", sealer: vault))
/// ```
///
/// One process at a time may open it for writing; any number may read it (``openReadOnly(directory:master:)``). What it
/// throws about keys is a ``SealingError``, about the file an `EventStoreError`.
public final class KeyVault: PayloadSealer, Sendable {
    /// The log whose keys these are.
    public let identity: String
    /// How long ``destroy(_:at:)`` waits for others to stop reading the file.
    let patience: Duration

    let store: KeyStore
    let masters: MasterRing
    let cache: DataKeyCache
    let wrapping: KeyWrapping
    let issuer: KeyIssuer
    let random: @Sendable () -> UInt64
    let traces = TraceState()
    let changes = KeyChangeJournal()

    /// Keys, and streams, per generation of a cache: 65,536 in all.
    private static let cacheCapacity = 32_768

    init(
        store: KeyStore,
        master: MasterKey,
        time: TimeSource,
        random: @escaping @Sendable () -> UInt64,
        patience: Duration = .seconds(30),
        holdLimit: Duration = .seconds(5),
        cacheCapacity: Int = KeyVault.cacheCapacity
    ) throws {
        guard store.origin.masterID == master.id else {
            throw SealingError.wrongMasterKey(wanted: store.origin.masterID, given: master.id)
        }
        self.store = store
        self.random = random
        self.patience = patience
        identity = store.origin.identity
        masters = MasterRing(master)
        cache = DataKeyCache(capacity: cacheCapacity)
        wrapping = KeyWrapping(logIdentity: store.origin.identity)
        issuer = KeyIssuer(
            store: store,
            masters: masters,
            cache: cache,
            time: time,
            random: random,
            holdLimit: holdLimit,
            changes: changes,
            capacity: cacheCapacity
        )
    }

    // MARK: Opening

    /// Opens the key store of a data directory for writing.
    ///
    /// - Parameters:
    ///   - directory: path of the data directory; its parent must exist.
    ///   - identity: the log's, fixed when the store is made; part of what each wrapped key is bound to.
    ///   - createsIfMissing: whether a missing store is made. Beside a log that has sealed events it must not be: they would
    ///     stay unreadable.
    ///   - time: gives the dates of new keys.
    ///   - random: uniformly distributed 64-bit values, for keys and nonces; nil = the system's cryptographic source. Another
    ///     one is for simulators only.
    /// - Throws: ``SealingError`` `noKeyStore`, `wrongMasterKey`; `EventStoreError` `wrongLog`, `schemaTooNew`,
    ///   `ownedByAnother`, `durabilityLowered`, `corrupted`, `diskFull`, `storageUnavailable`.
    public static func open(
        directory: String,
        identity: String,
        master: MasterKey,
        createsIfMissing: Bool = true,
        time: TimeSource = .system,
        random: (@Sendable () -> UInt64)? = nil
    ) throws -> KeyVault {
        let file = KeyStoreFile(directory: directory)
        let initial = KeySchema.Origin(identity: identity, masterID: master.id)
        let store = try KeyStore.open(file, makingWith: createsIfMissing ? initial : nil)
        guard store.origin.identity == identity else {
            throw EventStoreError(.wrongLog, "The directory holds the keys of \(store.origin.identity), not of \(identity).")
        }
        let vault = try KeyVault(store: store, master: master, time: time, random: random ?? RandomWords().next)
        // What an erasure that was interrupted left in the write-ahead log.
        vault.traces.remain(try !store.truncateWriteAheadLog())
        return vault
    }

    /// Opens the key store for reading, whoever writes to it. Nothing can be sealed.
    ///
    /// What was opened once may still open after another process has destroyed its key, until this vault is closed: for short
    /// commands, not for servers.
    ///
    /// - Throws: as ``open(directory:identity:master:createsIfMissing:time:random:)``.
    public static func openReadOnly(directory: String, master: MasterKey) throws -> KeyVault {
        let store = try KeyStore.openReadOnly(KeyStoreFile(directory: directory))
        return try KeyVault(store: store, master: master, time: .system, random: RandomWords().next)
    }

    /// Id of the master key in use.
    public var masterID: String { masters.current.id }

    /// Closes the file and forgets all keys; requests that come later throw `closed`.
    public func close() throws {
        issuer.close()
        cache.removeAll()
        try store.close()
    }

    // MARK: Keys

    /// The key of that id.
    ///
    /// - Throws: ``SealingError`` `unknownKey`, `notAuthentic`, `wrongMasterKey`.
    func key(_ id: String) throws -> DataKeyCache.Entry {
        if let entry = cache.entry(for: id) { return entry }
        let destructions = cache.destructions
        // A row that was read just before a rotation was committed names a master key that is dropped just after: read again.
        for _ in 0..<2 {
            guard let row = try store.read({ try KeyTable.row(of: id, in: $0) }) else { throw SealingError.unknownKey(id) }
            guard let content = row.content else {
                cache.keep(.destroyed, for: id, readAt: destructions)
                return .destroyed
            }
            guard let master = masters.key(named: row.masterID) else { continue }
            let entry = DataKeyCache.Entry.live(try wrapping.unwrap(content.wrapped, id: id, stream: content.stream, under: master).key)
            cache.keep(entry, for: id, readAt: destructions)
            return entry
        }
        let wanted = try store.read { try KeySchema.check($0).masterID }
        throw SealingError.wrongMasterKey(wanted: wanted, given: masterID)
    }
}
