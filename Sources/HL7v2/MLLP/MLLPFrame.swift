/// One frame received by the server.
public struct MLLPFrame: Sendable, Hashable {
    /// The message, without VT and FS CR, as received.
    public let payload: [UInt8]
    /// Which connection of this server it came by; numbers are not used again.
    public let connection: UInt64
    /// The peer's address and port, for logs.
    public let peer: String

    public init(payload: [UInt8], connection: UInt64, peer: String) {
        self.payload = payload
        self.connection = connection
        self.peer = peer
    }
}
