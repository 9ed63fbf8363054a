import Crypto

extension KeyVault {
    /// The 32 bytes of a data key, for a bundle that shall prove its clear text; nil = destroyed. Whoever has them reads whatever they
    /// have that is sealed under this key, for ever: destroying it here takes nothing back from them.
    ///
    /// - Throws: ``SealingError`` `unknownKey`, `notAuthentic`, `wrongMasterKey`.
    public func disclose(_ keyID: String) throws -> [UInt8]? {
        guard case .live(let key) = try key(keyID) else { return nil }
        return key.withUnsafeBytes { Array($0) }
    }

    /// Whether the store holds this key, or has destroyed it.
    ///
    /// - Throws: ``SealingError`` `notAuthentic`, `wrongMasterKey`; `EventStoreError`.
    public func hasHeld(_ keyID: String) throws -> Bool {
        do {
            _ = try key(keyID)
            return true
        } catch SealingError.Code.unknownKey {
            return false
        }
    }
}
