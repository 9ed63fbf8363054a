/// What a key store holds.
public struct VaultStatistics: Sendable, Hashable {
    /// Live data keys: streams that can be read.
    public var liveKeys: Int
    /// Destroyed keys, those never held included.
    public var destroyedKeys: Int
    /// Patients with a live key, aliases counted apart.
    public var patients: Int
    /// Merges that are in force.
    public var aliases: Int
    /// Id of the master key that wraps them.
    public var masterID: String

    public init(liveKeys: Int, destroyedKeys: Int, patients: Int, aliases: Int, masterID: String) {
        self.liveKeys = liveKeys
        self.destroyedKeys = destroyedKeys
        self.patients = patients
        self.aliases = aliases
        self.masterID = masterID
    }
}
