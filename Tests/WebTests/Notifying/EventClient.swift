import NIOCore
import NIOPosix

/// A client of server-sent events over a socket, that goes without a word.
struct EventClient {
    let port: Int
    let rpps: String

    /// Listens until it has heard enough, or the server ends, then closes the connection.
    func listen(after lastID: String?, until isEnough: (EventStreamParser) -> Bool) async throws -> EventStreamParser {
        let connection = try await connect()
        return try await connection.executeThenClose { inbound, outbound in
            try await outbound.write(request(after: lastID))
            var parser = EventStreamParser()
            for try await buffer in inbound {
                parser.take(buffer.readableBytesView)
                if parser.isEnded || isEnough(parser) { break }
            }
            return parser
        }
    }

    /// Asks, and takes nothing in until the server closes.
    func stall(_ isConnected: @Sendable () -> Void) async throws {
        let connection = try await connect(takesIn: false)
        try await connection.channel.writeAndFlush(request(after: nil)).get()
        isConnected()
        try await connection.channel.closeFuture.get()
    }

    private func request(after lastID: String?) -> ByteBuffer {
        let resume = lastID.map { "Last-Event-ID: \($0)\r\n" } ?? ""
        return ByteBuffer(
            string: "GET /api/v1/professionals/\(rpps)/feed HTTP/1.1\r\nHost: 127.0.0.1:\(port)\r\nAccept: text/event-stream\r\n"
                + "Relais-Actor: urn:rpps:\(rpps)\r\n\(resume)\r\n"
        )
    }

    private func connect(takesIn: Bool = true) async throws -> NIOAsyncChannel<ByteBuffer, ByteBuffer> {
        try await ClientBootstrap(group: .singletonMultiThreadedEventLoopGroup)
            .channelOption(.autoRead, value: takesIn)
            .connect(host: "127.0.0.1", port: port) { channel in
                channel.eventLoop.makeCompletedFuture { try NIOAsyncChannel(wrappingChannelSynchronously: channel) }
            }
    }
}
