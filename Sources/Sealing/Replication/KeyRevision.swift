/// How far the changes of keys were handed over that their numbers do not tell. Of one opening of the store: whoever begins hands over all
/// keys.
public struct KeyRevision: Sendable, Hashable {
    /// The master key in use: another one after a rotation, which wraps every key anew.
    public var masterID: String
    /// How often a key was destroyed, or became another patient's.
    public var changes: Int
}
