internal import CCurl

#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Musl)
    internal import Musl
#else
    internal import Darwin
#endif

/// A protected and authenticated connection to a mail server on which we speak the protocol ourselves.
///
/// libcurl connects, encrypts, checks the certificate and logs in (CURLOPT_CONNECT_ONLY), then hands over the bytes. Its own SMTP knows
/// no delivery status notifications (RFC 3461) and its own IMAP marks what it fetches as read.
///
/// `@unchecked Sendable`: one job at a time holds it; between two jobs it lies in `IdleConversations`, whose lock orders them.
final class CurlConversation: @unchecked Sendable {
    enum Scheme: String {
        case smtp
        case imap
    }

    static let longestLine = 64 << 10

    private let handle: CurlHandle
    private let socket: curl_socket_t
    private var received: [UInt8] = []
    private var start = 0

    /// Connects, encrypts and logs in.
    init(_ scheme: Scheme, with server: MailServer, job: CurlJob, deadline: Deadline) throws(CurlFailure) {
        guard let handle = CurlHandle() else { throw CurlFailure(.local) }
        let wire = server.protection == .implicitTLS ? scheme.rawValue + "s" : scheme.rawValue
        handle.set(CURLOPT_PROTOCOLS_STR, wire)
        // For SMTP the path is the name to greet with; for IMAP it would be a mailbox, which we select ourselves.
        handle.set(CURLOPT_URL, "\(wire)://\(server.destination)/\(scheme == .smtp ? server.helloName : "")")
        handle.set(CURLOPT_USE_SSL, Int(server.protection == .none ? CURLUSESSL_NONE.rawValue : CURLUSESSL_ALL.rawValue))
        handle.set(server.tls)
        if let credentials = server.credentials {
            handle.set(CURLOPT_USERNAME, credentials.name)
            handle.set(CURLOPT_PASSWORD, credentials.password)
        }
        handle.set(CURLOPT_CONNECT_ONLY, 1)
        handle.set(TransferLimits(connect: min(server.limits.connect, deadline.remaining), total: deadline.remaining, answerBytes: 0))
        let sink = CurlSink(job: job, limit: 1 << 20)
        do {
            try handle.perform(into: sink)
        } catch {
            throw scheme == .smtp ? Self.withRefusal(error, lastLine: sink.lastLine) : error
        }
        var socket = CURL_SOCKET_BAD
        guard relais_curl_get_socket(handle.pointer, &socket) == CURLE_OK, socket != CURL_SOCKET_BAD else { throw CurlFailure(.closed) }
        self.handle = handle
        self.socket = socket
    }

    /// A server that sends us away says why in its last line (RFC 5321 §3.1, §3.8); libcurl only sees a connection that ends.
    private static func withRefusal(_ failure: CurlFailure, lastLine: [UInt8]) -> CurlFailure {
        guard failure.reason == .closed || failure.reason == .protocolError else { return failure }
        guard let line = SMTPReply.parse(lastLine), (400...599).contains(line.code) else { return failure }
        let said = SMTPReply(code: line.code, lines: [line.text])
        return CurlFailure(.closed, code: failure.code, refusal: SMTPReply(code: said.code, lines: said.enhanced.map { [$0] } ?? []))
    }

    func send(_ bytes: [UInt8], job: CurlJob, deadline: Deadline) throws(CurlFailure) {
        var done = 0
        while done < bytes.count {
            var sent = 0
            let result = bytes.withUnsafeBytes { curl_easy_send(handle.pointer, $0.baseAddress.map { $0 + done }, bytes.count - done, &sent) }
            switch result {
            case CURLE_OK: done += sent
            case CURLE_AGAIN: try wait(for: POLLOUT, job: job, deadline: deadline)
            default: throw CurlFailure(result, text: "", cancelled: job.isCancelled)
            }
        }
    }

    func send(_ text: String, job: CurlJob, deadline: Deadline) throws(CurlFailure) {
        try send(Array(text.utf8), job: job, deadline: deadline)
    }

    /// The next line without its end.
    func line(longest: Int = CurlConversation.longestLine, job: CurlJob, deadline: Deadline) throws(CurlFailure) -> [UInt8] {
        var looked = start
        while true {
            if let end = received[looked...].firstIndex(of: UInt8(ascii: "\n")) {
                var line = received[start..<end]
                if line.last == UInt8(ascii: "\r") { line.removeLast() }
                start = end + 1
                return Array(line)
            }
            guard received.count - start <= longest else { throw CurlFailure(.protocolError) }
            let before = received.count - start
            try receive(job: job, deadline: deadline)
            looked = start + before
        }
    }

    /// The next `count` bytes.
    func bytes(_ count: Int, job: CurlJob, deadline: Deadline) throws(CurlFailure) -> [UInt8] {
        while received.count - start < count { try receive(job: job, deadline: deadline) }
        defer { start += count }
        return Array(received[start..<start + count])
    }

    /// Adds what has come to `received`; waits when nothing has.
    private func receive(job: CurlJob, deadline: Deadline) throws(CurlFailure) {
        received.removeFirst(start)
        start = 0
        while true {
            var count = 0
            let result = withUnsafeTemporaryAllocation(byteCount: 16 << 10, alignment: 1) { buffer in
                let result = curl_easy_recv(handle.pointer, buffer.baseAddress, buffer.count, &count)
                if result == CURLE_OK { received.append(contentsOf: UnsafeRawBufferPointer(buffer).prefix(count)) }
                return result
            }
            switch result {
            case CURLE_OK where count > 0: return
            case CURLE_OK: throw CurlFailure(.closed)
            case CURLE_AGAIN: try wait(for: POLLIN, job: job, deadline: deadline)
            default: throw CurlFailure(result, text: "", cancelled: job.isCancelled)
            }
        }
    }

    /// Waits in slices, so that a cancellation is seen soon.
    private func wait(for events: Int32, job: CurlJob, deadline: Deadline) throws(CurlFailure) {
        while true {
            guard !job.isCancelled else { throw CurlFailure(.cancelled) }
            guard !deadline.hasPassed else { throw CurlFailure(.timeout) }
            var watched = pollfd(fd: socket, events: Int16(truncatingIfNeeded: events), revents: 0)
            let slice = min(100, deadline.remaining.curlMilliseconds)
            if poll(&watched, 1, Int32(slice)) > 0 { return }
        }
    }
}
