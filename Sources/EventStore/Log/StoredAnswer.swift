/// A command's answer as stored.
struct StoredAnswer: Sendable {
    var bytes: [UInt8]
    /// Whose key sealed it; nil only for an empty answer, which is not sealed.
    var stream: StreamID?
    var keyID: String?

    /// The answer in clear; nil = erased.
    func opened(by sealer: any PayloadSealer, commandDigest: [UInt8], requestHash: Hash256) throws -> [UInt8]? {
        guard let stream else { return bytes }
        let associatedData = AssociatedData.ofAnswer(
            commandDigest: commandDigest,
            requestHash: requestHash,
            stream: stream,
            keyID: keyID
        )
        return try sealer.open(bytes, keyID: keyID, associatedData: associatedData)
    }
}
