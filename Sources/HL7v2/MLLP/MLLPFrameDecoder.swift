/// Takes MLLP frames out of a stream of bytes: a state machine without I/O, whose events do not depend on how the bytes were cut.
///
/// Bytes go in with `append`, events come out of `next()` one at a time, so that a caller can leave the rest for later. At most one
/// frame of `maximumFrameLength` and what was appended since are held; bytes outside frames are counted, never kept.
/// An FS that no CR follows, and a VT inside a frame, are text, unless `MSH` follows that VT: then the sender gave up the first
/// frame and started again.
public struct MLLPFrameDecoder: Sendable {
    public enum Event: Sendable, Hashable {
        /// The content of a complete frame.
        case frame([UInt8])
        /// That many bytes stood between frames, line ends not counted.
        case garbage(byteCount: Int)
        /// A frame was begun and not ended.
        case truncated([UInt8])
        /// A frame is longer than allowed. Nothing comes after this event: the connection is to be closed.
        case oversize
    }

    private enum State {
        case betweenFrames
        case insideFrame
        case failed
    }

    /// The longest content a frame may have, in bytes.
    public let maximumFrameLength: Int

    private var state = State.betweenFrames
    private var buffer: [UInt8] = []
    /// Inside a frame, where its content starts; else the first byte not looked at.
    private var readIndex = 0
    /// Where the search for the end of the frame goes on.
    private var scanIndex = 0
    private var sawStartInside = false
    private var garbage = 0

    /// - Parameter maximumFrameLength: in bytes; 1 MiB unless said otherwise.
    public init(maximumFrameLength: Int = 1 << 20) {
        self.maximumFrameLength = max(maximumFrameLength, 1)
    }

    /// A frame was begun and its end has not come yet.
    public var isInsideFrame: Bool {
        if case .insideFrame = state { true } else { false }
    }

    /// How many received bytes wait for the end of their frame, or to be looked at.
    public var bufferedByteCount: Int { buffer.count - readIndex }

    /// Adds received bytes; `next()` then says what they hold.
    public mutating func append(_ bytes: some Sequence<UInt8>) {
        if case .failed = state { return }
        buffer.append(contentsOf: bytes)
    }

    /// The next event, or `nil` when more bytes are needed.
    public mutating func next() -> Event? {
        while true {
            switch state {
            case .failed:
                return nil
            case .betweenFrames:
                guard findStart() else {
                    compact()
                    return nil
                }
                if garbage > 0 {
                    defer { garbage = 0 }
                    return .garbage(byteCount: garbage)
                }
                readIndex += 1
                scanIndex = readIndex
                sawStartInside = false
                state = .insideFrame
            case .insideFrame:
                let isComplete = findEnd()
                guard scanIndex - readIndex <= maximumFrameLength else {
                    end()
                    return .oversize
                }
                guard isComplete else {
                    compact()
                    return nil
                }
                return completeFrame()
            }
        }
    }

    /// The stream has ended: what is left, if anything. To be called until it gives `nil`, after `next()` did.
    public mutating func finish() -> Event? {
        defer { end() }
        switch state {
        case .insideFrame: return .truncated(Array(buffer[readIndex...]))
        case .betweenFrames where garbage > 0: return .garbage(byteCount: garbage)
        case .betweenFrames, .failed: return nil
        }
    }

    private mutating func end() {
        state = .failed
        buffer = []
        readIndex = 0
        scanIndex = 0
        garbage = 0
    }

    /// Goes to the next VT, counting what stands before it.
    private mutating func findStart() -> Bool {
        while readIndex < buffer.count {
            switch buffer[readIndex] {
            case MLLPFraming.start: return true
            case MLLPFraming.carriageReturn, 0x0A: break
            default: garbage += 1
            }
            readIndex += 1
        }
        return false
    }

    /// Goes to the FS of the next FS CR, stopping where the frame has become too long.
    private mutating func findEnd() -> Bool {
        let limit = min(buffer.count - 1, readIndex + maximumFrameLength + 1)
        let found = buffer.withUnsafeBufferPointer { bytes in
            var index = scanIndex
            var sawStart = sawStartInside
            defer {
                scanIndex = index
                sawStartInside = sawStart
            }
            while index < limit {
                let byte = bytes[index]
                if byte == MLLPFraming.end, bytes[index + 1] == MLLPFraming.carriageReturn { return true }
                if byte == MLLPFraming.start { sawStart = true }
                index += 1
            }
            return false
        }
        return found
    }

    private mutating func completeFrame() -> Event {
        if sawStartInside, let restart = lastRestart() {
            defer { readIndex = restart + 1 }
            sawStartInside = false
            return .truncated(Array(buffer[readIndex..<restart]))
        }
        let content = Array(buffer[readIndex..<scanIndex])
        readIndex = scanIndex + 2
        state = .betweenFrames
        compact()
        return .frame(content)
    }

    /// The last VT of the frame that `MSH` follows.
    private func lastRestart() -> Int? {
        buffer[readIndex..<scanIndex].indices.last { index in
            buffer[index] == MLLPFraming.start && buffer[(index + 1)..<scanIndex].starts(with: "MSH".utf8)
        }
    }

    /// Forgets the bytes that were dealt with, when that is cheap.
    private mutating func compact() {
        if readIndex >= buffer.count {
            if buffer.capacity > 1 << 16 { buffer = [] } else { buffer.removeAll(keepingCapacity: true) }
            scanIndex = 0
            readIndex = 0
        } else if readIndex > 4_096, readIndex > buffer.count / 2 {
            buffer.removeSubrange(..<readIndex)
            scanIndex = max(scanIndex - readIndex, 0)
            readIndex = 0
        }
    }
}
