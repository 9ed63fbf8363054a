import EventStore
import GRDB

/// Keys for another machine, and from one. They travel wrapped; the master key travels by another way.
extension KeyVault {
    // MARK: Handing over

    /// Live keys, wrapped under the master key in use, in order of their numbers, the first one after `number`, at most `limit`: hand them
    /// over before the events that they seal.
    ///
    /// - Throws: `EventStoreError`.
    public func wrappedKeys(afterNumber number: Int64, limit: Int) throws -> [NumberedKey] {
        try store.read { try ReplicationTable.live(after: number, limit: max(limit, 0), in: $0) }
    }

    /// Keys that were destroyed, in order of the numbers they had, the first one after `number`, at most `limit`: hand
    /// them over before other keys.
    ///
    /// - Throws: `EventStoreError`.
    public func destroyedKeys(afterNumber number: Int64, limit: Int) throws -> [DestroyedKey] {
        try store.read { try ReplicationTable.destroyed(after: number, limit: max(limit, 0), in: $0) }
    }

    /// Where changes begin: to be read before all keys are handed over.
    public var replicationRevision: KeyRevision { KeyRevision(masterID: masterID, changes: changes.count) }

    /// Keys that were destroyed, or became another patient's, since `revision`. New keys are not among them; their numbers tell.
    ///
    /// - Returns: nil after a rotation, or if there were too many changes: hand over all keys anew.
    /// - Throws: `EventStoreError`.
    public func keyChanges(after revision: KeyRevision) throws -> KeyChanges? {
        guard revision.masterID == masterID, let (ids, count) = changes.changes(after: revision.changes) else { return nil }
        return try store.read { database in
            var found = KeyChanges(destroyed: [], keys: [], revision: KeyRevision(masterID: revision.masterID, changes: count))
            for id in ids.sorted() {
                if let key = try ReplicationTable.live(id, in: database) { found.keys.append(key) } else { found.destroyed.append(id) }
            }
            return found
        }
    }

    // MARK: Taking in

    /// Takes in keys of another machine, all of them or none, durable before this returns, with the patients whose they are. Each is
    /// unwrapped first: one that was changed on its way is refused.
    ///
    /// A key that was destroyed here stays destroyed. One that is here already stays as it is, whatever it is wrapped under, but for its
    /// patient. One that is wrapped under another master key is wrapped under the one in use here; after a rotation over there, rotate here
    /// too (``rotate(to:progress:)``). If a stream gets a second key, that is used from then on, and both are erased together.
    ///
    /// Where keys come from a log of records, read it to its end first and take the last record of each key, destroyed ones first: an
    /// earlier record may be wrapped under a master key that nobody has any more.
    ///
    /// - Parameter others: master keys besides the one in use.
    /// - Returns: how many were new.
    /// - Throws: ``SealingError`` `wrongMasterKey`, which names the master key that is missing; `notAuthentic`; `conflictingKey` if an id is
    ///   that of another stream's key; `readOnly`. `EventStoreError` `invalidRequest`, `diskFull`, `storageUnavailable`.
    @discardableResult
    public func adopt(_ keys: some Collection<WrappedKey>, masters others: [MasterKey] = []) throws -> Int {
        for key in keys where !(1...DataKey.idLimit).contains(key.id.utf8.count) {
            throw EventStoreError(.invalidRequest, "A key id to take in has \(key.id.utf8.count) bytes; 1 to \(DataKey.idLimit) are allowed.")
        }
        guard !keys.isEmpty else { return 0 }
        return try store.onWriter { database in
            var adopted = 0
            var moved: [String] = []
            try store.commit(database) {
                for key in keys {
                    switch try ReplicationTable.standing(of: key.id, in: database) {
                    case .destroyed: continue
                    case .live(let stream):
                        guard stream == key.stream else {
                            throw SealingError(
                                .conflictingKey,
                                "Key \(key.id) came as the key of another stream than it is here: compare both key stores with the log.",
                                keyID: key.id
                            )
                        }
                    case .unknown:
                        try insert(key, others, database)
                        adopted += 1
                    }
                    if try setOwner(of: key, database) { moved.append(key.id) }
                }
            }
            changes.add(moved)
            issuer.forget(keys.map(\.stream))
            return adopted
        }
    }

    private func insert(_ key: WrappedKey, _ others: [MasterKey], _ database: Database) throws {
        let current = masters.current
        guard let master = ([current] + others).first(where: { $0.id == key.masterID }) else {
            throw SealingError.missingMasterKey(key.masterID, of: key.id, inUse: current.id)
        }
        // Also to see that it opens.
        let opened = try wrapping.unwrap(key.wrapped, id: key.id, stream: key.stream, under: master)
        let wrapped = master.id == current.id ? key.wrapped : try wrapping.wrap(opened, under: current, random: random)
        if try SubjectTable.known(of: key.stream, in: database).keyID != nil { try ReplicationTable.allowSeveralKeys(in: database) }
        try KeyTable.insert(opened, wrapped: wrapped, at: key.createdAt, in: database)
    }

    /// - Returns: whether it was another's.
    private func setOwner(of key: WrappedKey, _ database: Database) throws -> Bool {
        let known = try SubjectTable.known(of: key.stream, in: database).patient
        let patient = key.patient ?? known ?? key.stream
        guard patient != known else { return false }
        try SubjectTable.set(key.stream, patient: patient, in: database)
        return known != nil
    }
}

extension SealingError {
    fileprivate static func missingMasterKey(_ masterID: String, of keyID: String, inUse: String) -> SealingError {
        SealingError(
            .wrongMasterKey,
            "Key \(keyID) is wrapped under master key \(masterID), which this machine does not have; it uses \(inUse): give it that one.",
            keyID: keyID,
            masterKeys: MasterKeyMismatch(wanted: masterID, given: inUse)
        )
    }
}
