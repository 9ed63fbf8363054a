import NIOCore
import NIOPosix

/// A sender: one connection, one message at a time, each waiting for its answer.
public final class MLLPClient: Sendable {
    private let channel: any Channel
    private let exchange: NIOLoopBound<MLLPExchange>
    private let answerTimeout: Duration

    private init(channel: any Channel, exchange: NIOLoopBound<MLLPExchange>, answerTimeout: Duration) {
        self.channel = channel
        self.exchange = exchange
        self.answerTimeout = answerTimeout
    }

    /// Connects.
    ///
    /// - Parameters:
    ///   - connectTimeout: how long to wait for the connection.
    ///   - answerTimeout: how long to wait for each answer.
    ///   - maximumAnswerLength: in bytes.
    /// - Throws: `MLLPClientError.unreachable`.
    public static func connect(
        host: String,
        port: Int,
        connectTimeout: Duration = .seconds(10),
        answerTimeout: Duration = .seconds(30),
        maximumAnswerLength: Int = 1 << 20
    ) async throws -> MLLPClient {
        let bootstrap = ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .connectTimeout(TimeAmount(connectTimeout))
            .channelOption(.tcpOption(.tcp_nodelay), value: 1)
        do {
            return try await bootstrap.connect(host: host, port: port) { channel in
                channel.eventLoop.makeCompletedFuture {
                    let exchange = MLLPExchange(maximumAnswerLength: maximumAnswerLength)
                    try channel.pipeline.syncOperations.addHandler(exchange)
                    return MLLPClient(
                        channel: channel,
                        exchange: NIOLoopBound(exchange, eventLoop: channel.eventLoop),
                        answerTimeout: answerTimeout
                    )
                }
            }
        } catch {
            throw MLLPClientError.unreachable(host: host, port: port)
        }
    }

    /// Sends a message and waits for the answer, both without framing.
    ///
    /// - Throws: `MLLPClientError`; `CancellationError` when the task was cancelled, which closes the connection because the answer
    ///   may still come.
    public func send(_ message: [UInt8]) async throws -> [UInt8] {
        let promise = channel.eventLoop.makePromise(of: [UInt8].self)
        channel.eventLoop.execute { [exchange, answerTimeout] in
            exchange.value.send(message, answer: promise, timeout: TimeAmount(answerTimeout))
        }
        do {
            return try await withTaskCancellationHandler {
                try await promise.futureResult.get()
            } onCancel: {
                channel.close(promise: nil)
            }
        } catch {
            try Task.checkCancellation()
            throw error
        }
    }

    /// Closes the connection; what is in flight fails with `closed`.
    public func close() async {
        channel.close(promise: nil)
        // The future of a close never fails.
        try? await channel.closeFuture.get()
    }
}
