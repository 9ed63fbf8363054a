/// For what a key is wanted.
public struct SealingRequest: Sendable, Hashable {
    /// The stream whose data key it is.
    public var stream: StreamID
    /// The patient whose erasure takes the key with it; nil if the stream is about nobody, or if that is known from
    /// before and has not changed.
    public var patient: StreamID?

    public init(stream: StreamID, patient: StreamID? = nil) {
        self.stream = stream
        self.patient = patient
    }
}
