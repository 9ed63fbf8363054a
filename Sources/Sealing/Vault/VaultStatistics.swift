/// What a key store holds.
public struct VaultStatistics: Sendable, Hashable {
    /// Live data keys: streams that can be read.
    public var liveKeys: Int
    /// Destroyed keys, those never held included.
    public var destroyedKeys: Int
    /// Patients with a live key, each local number for itself.
    public var patients: Int
    /// Id of the master key that wraps them.
    public var masterID: String

    public init(liveKeys: Int, destroyedKeys: Int, patients: Int, masterID: String) {
        self.liveKeys = liveKeys
        self.destroyedKeys = destroyedKeys
        self.patients = patients
        self.masterID = masterID
    }
}
