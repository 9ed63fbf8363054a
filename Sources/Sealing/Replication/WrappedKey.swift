public import EventStore
public import Timekeeping

/// A data key as another machine needs it: wrapped under the master key, which travels by another way.
public struct WrappedKey: Sendable, Hashable {
    public var id: String
    public var stream: StreamID
    /// Whose erasure destroys it; nil = of no patient.
    public var patient: StreamID?
    /// In UTC.
    public var createdAt: Instant
    /// Which master key it is wrapped under.
    public var masterID: String
    public var wrapped: [UInt8]

    public init(id: String, stream: StreamID, patient: StreamID?, createdAt: Instant, masterID: String, wrapped: [UInt8]) {
        self.id = id
        self.stream = stream
        self.patient = patient
        self.createdAt = createdAt
        self.masterID = masterID
        self.wrapped = wrapped
    }
}
