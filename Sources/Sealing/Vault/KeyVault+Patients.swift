public import EventStore

/// Whose keys they are. Streams and patients are named by stream ids; a patient by that of their own stream.
extension KeyVault {
    /// The patient whom `stream` is about; nil if nothing was ever sealed for it nor said of it.
    public func owner(of stream: StreamID) throws -> StreamID? {
        try store.read { try SubjectTable.known(of: stream, in: $0).patient }
    }

    /// `patient` and all patients who are merged with them, however indirectly, in order of id.
    public func identities(of patient: StreamID) throws -> [StreamID] {
        try store.read { try SubjectTable.identities(of: patient, in: $0) }
    }

    /// All live keys of `patient` and of all patients who are merged with them, the oldest first: what an erasure destroys.
    public func keys(ofPatient patient: StreamID) throws -> [StreamKey] {
        try store.read { try SubjectTable.keys(ofPerson: patient, in: $0) }
    }

    /// Merges a patient into another (A40): one erasure takes both. A patient has one survivor; the last one said counts.
    ///
    /// - Throws: `EventStoreError` `invalidRequest` if they are the same.
    public func link(_ alias: StreamID, to survivor: StreamID) throws {
        guard alias != survivor else {
            throw EventStoreError(.invalidRequest, "A patient cannot be merged into themselves: name two patients.")
        }
        try store.onWriter { database in
            try store.commit(database) { try SubjectTable.link(alias, to: survivor, in: database) }
        }
    }

    /// Takes the merge of `alias` back; nothing if there was none.
    public func unlink(_ alias: StreamID) throws {
        try store.onWriter { database in
            try store.commit(database) { try SubjectTable.unlink(alias, in: database) }
        }
    }

    /// Says that `stream` is about `patient` from now on, its key and all that is sealed under it included. One row changes.
    public func move(_ stream: StreamID, to patient: StreamID) throws {
        try store.onWriter { database in
            try store.commit(database) { try SubjectTable.set(stream, patient: patient, in: database) }
            issuer.forget(CollectionOfOne(stream))
        }
    }
}
