/// Keys that are not what they were when they were handed over.
public struct KeyChanges: Sendable, Hashable {
    /// Destroyed since: to be handed over first.
    public var destroyed: [String]
    /// Of another patient since.
    public var keys: [WrappedKey]
    /// What the next changes come after.
    public var revision: KeyRevision
}
