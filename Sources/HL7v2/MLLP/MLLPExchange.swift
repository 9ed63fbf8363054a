import NIOCore

/// The client's side of a connection: the message that waits for its answer. Lives on the connection's event loop.
final class MLLPExchange: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private var decoder: MLLPFrameDecoder
    private var context: ChannelHandlerContext?
    private var pending: (answer: EventLoopPromise<[UInt8]>, timer: Scheduled<Void>)?

    init(maximumAnswerLength: Int) {
        decoder = MLLPFrameDecoder(maximumFrameLength: maximumAnswerLength)
    }

    func send(_ message: [UInt8], answer: EventLoopPromise<[UInt8]>, timeout: TimeAmount) {
        guard let context, context.channel.isActive else {
            answer.fail(MLLPClientError.closed)
            return
        }
        guard pending == nil else {
            answer.fail(MLLPClientError.requestInFlight)
            return
        }
        let timer = context.eventLoop.assumeIsolated().scheduleTask(in: timeout) { self.fail(.timedOut) }
        pending = (answer, timer)
        context.writeAndFlush(wrapOutboundOut(ByteBuffer(bytes: MLLPFraming.frame(message))), promise: nil)
    }

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        fail(.closed)
        self.context = nil
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        unwrapInboundIn(data).withUnsafeReadableBytes { decoder.append($0) }
        while let event = decoder.next() {
            switch event {
            case .frame(let answer):
                // An answer that nobody waits for is dropped: acknowledgements are matched by MSA-2 above, not by order here.
                guard let pending else { continue }
                self.pending = nil
                pending.timer.cancel()
                pending.answer.succeed(answer)
            case .oversize:
                fail(.oversizedAnswer)
            case .garbage, .truncated:
                continue
            }
        }
    }

    func channelInactive(context: ChannelHandlerContext) {
        fail(.closed)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        fail(.closed)
    }

    private func fail(_ error: MLLPClientError) {
        if let pending {
            self.pending = nil
            pending.timer.cancel()
            pending.answer.fail(error)
        }
        context?.close(promise: nil)
    }
}
