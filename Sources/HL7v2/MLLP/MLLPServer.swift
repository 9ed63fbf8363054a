public import Logging
import NIOCore
import NIOPosix

/// A TCP listener that takes MLLP frames, hands them to a handler one at a time per connection, and sends its answers back.
///
/// Back-pressure is the protocol's own: while a frame is handled and its answer written, nothing more is read from that connection.
/// A server runs once.
public final class MLLPServer: Sendable {
    /// Deals with one frame. It runs to its end even when the connection or the server goes away meanwhile.
    public typealias Handler = @Sendable (MLLPFrame) async -> MLLPReply

    private let configuration: MLLPServerConfiguration
    private let logger: Logger
    private let handler: Handler
    private let onTruncated: @Sendable (MLLPFrame) -> Void
    private let registry = MLLPConnectionRegistry()

    /// - Parameters:
    ///   - logger: gets addresses and counts, never content.
    ///   - onTruncated: gets what there is of each frame that was begun and not ended, to be kept as evidence. Runs on a network
    ///     thread and must not block.
    ///   - handler: deals with each complete frame.
    public init(
        configuration: MLLPServerConfiguration,
        logger: Logger,
        onTruncated: @escaping @Sendable (MLLPFrame) -> Void = { _ in },
        handler: @escaping Handler
    ) {
        self.configuration = configuration
        self.logger = logger
        self.onTruncated = onTruncated
        self.handler = handler
    }

    /// What was seen so far.
    public var counters: MLLPCounters { registry.counters }

    /// Listens and serves until `stop()` is called or the calling task is cancelled; then no connection is accepted, the frames in
    /// hand are answered, and the connections closed.
    ///
    /// - Parameter onListening: called once with the bound port.
    /// - Throws: when the address cannot be bound.
    public func run(onListening: @Sendable (Int) -> Void = { _ in }) async throws {
        let group = MultiThreadedEventLoopGroup(numberOfThreads: configuration.threads)
        do {
            try await serve(on: group, onListening: onListening)
        } catch {
            try await group.shutdownGracefully()
            throw error
        }
        try await group.shutdownGracefully()
    }

    /// Starts a graceful stop; `run()` returns when it is done. May be called from anywhere, more than once, and before `run()`.
    public func stop() {
        registry.stop()
    }

    private func serve(on group: MultiThreadedEventLoopGroup, onListening: @Sendable (Int) -> Void) async throws {
        let listener = try await bootstrap(on: group).bind(host: configuration.host, port: configuration.port).get()
        let port = listener.localAddress?.port ?? configuration.port
        registry.listen(with: listener)
        logger.info("MLLP listener bound", metadata: ["host": "\(configuration.host)", "port": "\(port)"])
        onListening(port)
        try await withTaskCancellationHandler {
            try await listener.closeFuture.get()
        } onCancel: {
            registry.stop()
        }
        registry.listenerClosed()
        registry.stop()

        let deadline = listener.eventLoop.scheduleTask(in: TimeAmount(configuration.drainTimeout)) { [registry, logger] in
            logger.warning("MLLP connections still busy at the end of the drain time are closed")
            registry.abandon()
        }
        await registry.drained()
        deadline.cancel()
        logger.info("MLLP listener stopped", metadata: ["port": "\(port)"])
    }

    private func bootstrap(on group: MultiThreadedEventLoopGroup) -> ServerBootstrap {
        ServerBootstrap(group: group)
            .serverChannelOption(.backlog, value: 256)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
            .childChannelOption(.autoRead, value: false)
            .childChannelOption(.allowRemoteHalfClosure, value: true)
            .childChannelInitializer { [configuration, registry, logger, handler, onTruncated] channel in
                channel.eventLoop.makeCompletedFuture {
                    let connection = MLLPConnection(
                        configuration: configuration,
                        registry: registry,
                        logger: logger,
                        onTruncated: onTruncated,
                        handler: handler
                    )
                    try channel.pipeline.syncOperations.addHandler(connection)
                }
            }
    }
}
