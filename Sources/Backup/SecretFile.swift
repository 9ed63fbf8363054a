/// A small file that must not be lost and not be seen: a key, or the settings that say where one is.
public struct SecretFile: Sendable, Hashable {
    /// Its path within the data directory, such as `secrets/log.key`.
    public var name: String
    public var bytes: [UInt8]

    public init(name: String, bytes: [UInt8]) {
        self.name = name
        self.bytes = bytes
    }
}
