import Synchronization

/// The port that a server got, for whoever has to wait for it.
final class PortPromise: Sendable {
    private let stream: AsyncStream<Int>
    private let continuation: AsyncStream<Int>.Continuation

    init() { (stream, continuation) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1)) }

    func fulfil(_ port: Int) {
        continuation.yield(port)
        continuation.finish()
    }

    /// Nil if the waiting task is cancelled first.
    func port() async -> Int? { await stream.first { _ in true } }
}
