import Logging
import NIOCore

/// One connection of the server: reads until a frame is complete, has it handled, writes the answer, reads on.
///
/// Lives on its event loop; only `Task`s of the handler run elsewhere and come back to it.
final class MLLPConnection: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private enum Phase {
        /// For bytes.
        case waiting
        /// A frame is with the handler.
        case handling
        /// Its answer is on the way out.
        case writing
        case closed
    }

    private let configuration: MLLPServerConfiguration
    private let registry: MLLPConnectionRegistry
    private let handler: MLLPServer.Handler
    private let onTruncated: @Sendable (MLLPFrame) -> Void
    private var logger: Logger

    private var decoder: MLLPFrameDecoder
    private var phase = Phase.waiting
    private var number: UInt64 = 0
    private var peer = ""
    /// The handler still works on a frame, even when the connection is gone.
    private var isHandling = false
    private var isInactive = false
    private var isReadPending = false
    private var isInputClosed = false
    private var isStopping = false
    /// What the registry was last told of the unfinished frame.
    private var unfinishedLength = 0
    /// When the frame that is coming in began; `nil` between frames.
    private var frameStart: NIODeadline?
    private var lastActivity = NIODeadline.now()
    private var deadline: NIODeadline?
    private var timer: (task: Scheduled<Void>, at: NIODeadline)?

    init(
        configuration: MLLPServerConfiguration,
        registry: MLLPConnectionRegistry,
        logger: Logger,
        onTruncated: @escaping @Sendable (MLLPFrame) -> Void,
        handler: @escaping MLLPServer.Handler
    ) {
        self.configuration = configuration
        self.registry = registry
        self.logger = logger
        self.onTruncated = onTruncated
        self.handler = handler
        decoder = MLLPFrameDecoder(maximumFrameLength: configuration.maximumFrameLength)
    }

    // MARK: - Events of the channel

    func channelActive(context: ChannelHandlerContext) {
        peer = context.remoteAddress.map { "\($0.ipAddress ?? "?"):\($0.port ?? 0)" } ?? "?"
        logger[metadataKey: "peer"] = "\(peer)"
        guard let number = registry.admit(context.channel, maximum: configuration.maximumConnections) else {
            logger.warning("MLLP connection refused: too many, or stopping")
            phase = .closed
            context.close(promise: nil)
            return
        }
        self.number = number
        lastActivity = .now()
        logger.debug("MLLP connection opened")
        proceed(context)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        unwrapInboundIn(data).withUnsafeReadableBytes { decoder.append($0) }
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        isReadPending = false
        proceed(context)
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if event is MLLPConnectionRegistry.StopRequest {
            isStopping = true
            proceed(context)
        } else if event is MLLPConnectionRegistry.CrowdedOut {
            crowdedOut(context)
        } else if case .inputClosed? = event as? ChannelEvent {
            isInputClosed = true
            proceed(context)
        } else {
            context.fireUserInboundEventTriggered(event)
        }
    }

    func channelInactive(context: ChannelHandlerContext) {
        timer?.task.cancel()
        timer = nil
        phase = .closed
        isInactive = true
        while let event = decoder.finish() { note(event) }
        guard number != 0 else { return }
        logger.debug("MLLP connection closed")
        if !isHandling { registry.remove(number) }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        // Resets by the peer are everyday events; the type says enough and quotes nothing.
        logger.debug("MLLP connection failed", metadata: ["error": "\(type(of: error))"])
        close(context)
    }

    // MARK: - From bytes to frames

    private func proceed(_ context: ChannelHandlerContext) {
        while phase == .waiting {
            if isStopping {
                close(context)
                return
            }
            switch decoder.next() {
            case .frame(let payload):
                registry.count { $0.frames += 1 }
                handle(payload, context)
            case .oversize:
                note(.oversize)
                close(context)
            case .some(let event):
                note(event)
            case nil:
                waitForBytes(context)
                return
            }
        }
    }

    private func waitForBytes(_ context: ChannelHandlerContext) {
        guard !isInputClosed else {
            close(context)
            return
        }
        tellUnfinished(decoder.isInsideFrame ? decoder.bufferedByteCount : 0)
        if decoder.isInsideFrame {
            let start = frameStart ?? .now()
            frameStart = start
            setDeadline(start + TimeAmount(configuration.frameTimeout), context)
        } else {
            frameStart = nil
            setDeadline(lastActivity + TimeAmount(configuration.idleTimeout), context)
        }
        if !isReadPending {
            isReadPending = true
            context.read()
        }
    }

    private func tellUnfinished(_ length: Int) {
        guard length != unfinishedLength else { return }
        unfinishedLength = length
        registry.setUnfinished(length, of: number, maximum: configuration.maximumUnfinishedLength)
    }

    private func crowdedOut(_ context: ChannelHandlerContext) {
        guard phase == .waiting, decoder.isInsideFrame else { return }
        registry.count { $0.crowdedOut += 1 }
        logger.warning("MLLP connection closed: the unfinished frames of all hold too much", metadata: ["bytes": "\(unfinishedLength)"])
        close(context)
    }

    private func note(_ event: MLLPFrameDecoder.Event) {
        switch event {
        case .frame:
            break
        case .garbage(let byteCount):
            registry.count { $0.garbage += byteCount }
            logger.warning("MLLP bytes outside frames", metadata: ["bytes": "\(byteCount)"])
        case .truncated(let bytes):
            registry.count { $0.truncated += 1 }
            logger.warning("MLLP frame not ended", metadata: ["bytes": "\(bytes.count)"])
            onTruncated(MLLPFrame(payload: bytes, connection: number, peer: peer))
        case .oversize:
            registry.count { $0.oversized += 1 }
            logger.warning("MLLP frame too long, connection closed", metadata: ["limit": "\(configuration.maximumFrameLength)"])
        }
    }

    // MARK: - From frames to answers

    private func handle(_ payload: [UInt8], _ context: ChannelHandlerContext) {
        phase = .handling
        isHandling = true
        tellUnfinished(0)
        frameStart = nil
        deadline = nil
        let frame = MLLPFrame(payload: payload, connection: number, peer: peer)
        let handler = handler
        let eventLoop = context.eventLoop
        let home = NIOLoopBound((connection: self, context: context), eventLoop: eventLoop)
        Task { [registry] in
            let reply = await handler(frame)
            registry.unlessAbandoned {
                eventLoop.execute { home.value.connection.answer(reply, home.value.context) }
            }
        }
    }

    private func answer(_ reply: MLLPReply, _ context: ChannelHandlerContext) {
        isHandling = false
        guard phase == .handling else {
            if isInactive { registry.remove(number) }
            return
        }
        switch reply {
        case .answer(let message): write(message, context)
        case .close: close(context)
        case .silence: goOn(context)
        }
    }

    private func goOn(_ context: ChannelHandlerContext) {
        phase = .waiting
        lastActivity = .now()
        proceed(context)
    }

    private func write(_ message: [UInt8], _ context: ChannelHandlerContext) {
        phase = .writing
        setDeadline(.now() + TimeAmount(configuration.idleTimeout), context)
        var buffer = context.channel.allocator.buffer(capacity: message.count + 3)
        buffer.writeInteger(MLLPFraming.start)
        buffer.writeBytes(message)
        buffer.writeInteger(MLLPFraming.end)
        buffer.writeInteger(MLLPFraming.carriageReturn)
        context.writeAndFlush(wrapOutboundOut(buffer)).assumeIsolated().whenComplete { result in
            guard self.phase == .writing else { return }
            guard case .success = result else {
                self.close(context)
                return
            }
            self.goOn(context)
        }
    }

    private func close(_ context: ChannelHandlerContext) {
        guard phase != .closed else { return }
        phase = .closed
        context.close(promise: nil)
    }

    // MARK: - Time limits

    /// Moves the time limit. The timer is only touched when it would ring too late: in the usual case it rings, sees that the limit
    /// has moved, and is set again, which costs nothing per frame.
    private func setDeadline(_ moment: NIODeadline, _ context: ChannelHandlerContext) {
        deadline = moment
        if let timer, timer.at <= moment { return }
        timer?.task.cancel()
        let task = context.eventLoop.assumeIsolated().scheduleTask(deadline: moment) { self.timerFired(context) }
        timer = (task, moment)
    }

    private func timerFired(_ context: ChannelHandlerContext) {
        timer = nil
        guard phase != .closed, let deadline else { return }
        guard deadline <= .now() else {
            setDeadline(deadline, context)
            return
        }
        registry.count { $0.timedOut += 1 }
        logger.info("MLLP connection closed: nothing came in time")
        close(context)
    }
}
