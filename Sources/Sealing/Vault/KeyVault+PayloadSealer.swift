public import EventStore

extension KeyVault {
    /// One live key for each stream, made at the first request and durable before this returns. A patient named in a request
    /// becomes the stream's; a stream of which nothing was ever said is about itself.
    ///
    /// Waits while a stream, or the patient it is about, is held (``withHeldStreams(_:_:)``), no longer than five seconds.
    ///
    /// - Throws: ``SealingError`` `held` if that was too long, `readOnly`; `EventStoreError` if a key could not be stored. Repeating may
    ///   succeed.
    public func sealingKeys(for requests: [SealingRequest]) async throws -> [String?] {
        try await issuer.keys(for: requests)
    }

    /// - Throws: ``SealingError`` `keyDestroyed` if the key was destroyed since it was given, `notSealed` if there is none,
    ///   `unknownKey`.
    public func seal(_ plaintext: [UInt8], keyID: String?, associatedData: [UInt8]) throws -> [UInt8] {
        guard let keyID else {
            throw SealingError(.notSealed, "Sealing was asked for without a key: ask sealingKeys(for:) first.")
        }
        guard case .live(let key) = try key(keyID) else {
            throw SealingError(.keyDestroyed, "Key \(keyID) was destroyed since it was given: repeat the request.", keyID: keyID)
        }
        return try SealedBytes.seal(plaintext, under: key, random: random, authenticating: associatedData)
    }

    /// What has no key was stored in clear, and is given as it is.
    ///
    /// - Throws: ``SealingError`` `notAuthentic`, `unknownKey`.
    public func open(_ sealed: [UInt8], keyID: String?, associatedData: [UInt8]) throws -> [UInt8]? {
        guard let keyID else { return sealed }
        guard case .live(let key) = try key(keyID) else { return nil }
        do {
            return try SealedBytes.open(sealed, under: key, authenticating: associatedData)
        } catch {
            throw SealingError(
                .notAuthentic,
                "What is sealed under key \(keyID) is not what was sealed, or not where: verify the log.",
                keyID: keyID
            )
        }
    }
}
