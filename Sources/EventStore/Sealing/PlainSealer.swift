/// Stores everything in clear: for tests and for logs that hold nothing about a person.
public struct PlainSealer: PayloadSealer {
    public init() {}

    public func sealingKeys(for requests: [SealingRequest]) async throws -> [String?] {
        [String?](repeating: nil, count: requests.count)
    }

    public func seal(_ plaintext: [UInt8], keyID: String?, associatedData: [UInt8]) throws -> [UInt8] {
        plaintext
    }

    public func open(_ sealed: [UInt8], keyID: String?, associatedData: [UInt8]) throws -> [UInt8]? {
        guard keyID == nil else {
            throw EventStoreError(.invalidRequest, "The data is sealed under a key: open the log with the sealer that holds its keys.")
        }
        return sealed
    }
}
