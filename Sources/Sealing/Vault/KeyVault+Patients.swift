public import EventStore

/// Whose keys they are. Streams and patients are named by stream ids; a patient by that of their own stream.
extension KeyVault {
    /// The patient whom `stream` is about; nil if nothing was ever sealed for it nor said of it.
    public func owner(of stream: StreamID) throws -> StreamID? {
        try store.read { try SubjectTable.known(of: stream, in: $0).patient }
    }

    /// All live keys of `patient`, the oldest first: what an erasure destroys. Which numbers are one person (A40) the log tells, not this store.
    public func keys(ofPatient patient: StreamID) throws -> [StreamKey] {
        try store.read { try SubjectTable.keys(ofPatient: patient, in: $0) }
    }
}
