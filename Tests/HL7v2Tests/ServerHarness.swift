import HL7v2
import Logging
import NIOCore
import NIOPosix
import Synchronization

/// Runs a server on a free port around `body`, stops it and waits for its end.
func withServer<Result: Sendable>(
    _ configuration: MLLPServerConfiguration = .test,
    onTruncated: @escaping @Sendable (MLLPFrame) -> Void = { _ in },
    handler: @escaping MLLPServer.Handler = { .answer($0.payload.reversed()) },
    body: (MLLPServer, Int) async throws -> Result
) async throws -> Result {
    let logger = Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })
    let server = MLLPServer(configuration: configuration, logger: logger, onTruncated: onTruncated, handler: handler)
    let (ports, bound) = AsyncStream.makeStream(of: Int.self)
    let running = Task {
        defer { bound.finish() }
        try await server.run { bound.yield($0) }
    }
    var iterator = ports.makeAsyncIterator()
    guard let port = await iterator.next() else {
        try await running.value
        throw MLLPClientError.closed
    }
    do {
        let result = try await body(server, port)
        server.stop()
        try await running.value
        return result
    } catch {
        server.stop()
        try await running.value
        throw error
    }
}

extension MLLPServerConfiguration {
    static var test: MLLPServerConfiguration { MLLPServerConfiguration(port: 0, threads: 2) }
}

/// A peer that sends whatever bytes it likes.
struct RawPeer {
    let inbound: NIOAsyncChannelInboundStream<ByteBuffer>
    let outbound: NIOAsyncChannelOutboundWriter<ByteBuffer>

    func send(_ bytes: [UInt8]) async throws {
        try await outbound.write(ByteBuffer(bytes: bytes))
    }

    func closeOutput() {
        outbound.finish()
    }

    /// Everything the server sends until it closes, or until `count` frames have come.
    func frames(_ count: Int = .max) async throws -> [[UInt8]] {
        var decoder = MLLPFrameDecoder()
        var frames: [[UInt8]] = []
        for try await buffer in inbound {
            decoder.append(buffer.readableBytesView)
            while let event = decoder.next() {
                if case .frame(let bytes) = event { frames.append(bytes) }
            }
            if frames.count >= count { break }
        }
        return frames
    }
}

func withPeer<Result: Sendable>(port: Int, body: (RawPeer) async throws -> Result) async throws -> Result {
    let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
        .channelOption(.tcpOption(.tcp_nodelay), value: 1)
        .channelOption(.allowRemoteHalfClosure, value: true)
        .connect(host: "127.0.0.1", port: port) { channel in
            channel.eventLoop.makeCompletedFuture {
                try NIOAsyncChannel(
                    wrappingChannelSynchronously: channel,
                    configuration: .init(isOutboundHalfClosureEnabled: true, inboundType: ByteBuffer.self, outboundType: ByteBuffer.self)
                )
            }
        }
    return try await channel.executeThenClose { inbound, outbound in
        try await body(RawPeer(inbound: inbound, outbound: outbound))
    }
}

/// Holds tasks back until it is opened, and tells when one has come.
final class Gate: Sendable {
    private struct State {
        var isOpen = false
        var arrived = 0
        var waiting: [CheckedContinuation<Void, Never>] = []
        var watchers: [CheckedContinuation<Void, Never>] = []
    }

    private let state = Mutex(State())

    func pass() async {
        await withCheckedContinuation { continuation in
            let released = state.withLock { state in
                state.arrived += 1
                defer { state.watchers = [] }
                if !state.isOpen { state.waiting.append(continuation) }
                return state.watchers + (state.isOpen ? [continuation] : [])
            }
            for continuation in released { continuation.resume() }
        }
    }

    func open() {
        let waiting = state.withLock { state in
            state.isOpen = true
            defer { state.waiting = [] }
            return state.waiting
        }
        for continuation in waiting { continuation.resume() }
    }

    func someoneArrived() async {
        await withCheckedContinuation { continuation in
            let isThere = state.withLock { state in
                if state.arrived == 0 { state.watchers.append(continuation) }
                return state.arrived > 0
            }
            if isThere { continuation.resume() }
        }
    }
}
