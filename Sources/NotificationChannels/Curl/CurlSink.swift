/// What libcurl's callbacks write to and ask during one transfer.
final class CurlSink {
    let job: CurlJob
    private let limit: Int
    private(set) var bytes: [UInt8] = []
    /// Whether more came than is kept.
    private(set) var isCut = false
    /// Whether the head of the last answer came to its end. libcurl takes a connection that is closed inside it for a complete answer.
    private(set) var hasHead = false
    /// The last line that the server said while connecting (SMTP), or of the head (HTTP), without its end, at most 512 bytes.
    private(set) var lastLine: [UInt8] = []

    init(job: CurlJob, limit: Int) {
        self.job = job
        self.limit = limit
    }

    /// One line of the head, with its end: a status line begins a head, an empty line ends it.
    func receiveHead(_ line: UnsafeRawBufferPointer) {
        // Trailers behind a chunked body come this way too, and begin no head.
        if line.starts(with: "HTTP/".utf8) { hasHead = false }
        if line.first == 0x0D || line.first == 0x0A { hasHead = true }
        lastLine = line.prefix { $0 != 0x0D && $0 != 0x0A }.prefix(512).map(\.self)
    }

    /// Whether libcurl shall go on reading.
    func receive(_ buffer: UnsafeRawBufferPointer) -> Bool {
        let room = max(0, limit - bytes.count)
        bytes.append(contentsOf: buffer.prefix(room))
        isCut = buffer.count > room
        return !isCut
    }
}
