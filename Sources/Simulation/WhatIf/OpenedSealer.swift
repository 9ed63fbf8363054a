import EventStore

/// For events that were opened once and are kept in clear in memory; what was erased stays erased.
struct OpenedSealer: PayloadSealer {
    /// Stands for a key that is destroyed.
    static let erased = "erased"

    func sealingKeys(for requests: [SealingRequest]) async throws -> [String?] { [String?](repeating: nil, count: requests.count) }
    func seal(_ plaintext: [UInt8], keyID: String?, associatedData: [UInt8]) throws -> [UInt8] { plaintext }
    func open(_ sealed: [UInt8], keyID: String?, associatedData: [UInt8]) throws -> [UInt8]? { keyID == nil ? sealed : nil }
}
