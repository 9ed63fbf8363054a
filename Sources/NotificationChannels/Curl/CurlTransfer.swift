internal import CCurl

/// One HTTP request, on the threads of a pool; no redirect is followed.
struct CurlTransfer: Sendable {
    let threads: CurlThreads

    func post(_ request: HTTPRequest) async -> Result<HTTPAnswer, CurlFailure> {
        guard request.headers.allSatisfy({ Self.isHeader($0.name, $0.value) }) else { return .failure(CurlFailure(.local)) }
        return await threads.run(to: request.url.destination) { job, worker in
            guard let handle = worker.handle() else { return .failure(CurlFailure(.local)) }
            // Neither certificates nor bodies of one request are kept for the next one.
            defer { handle.reset() }
            return Result { () throws(CurlFailure) in try Self.post(request, with: handle, job: job) }
        }
    }

    private static func post(_ request: HTTPRequest, with handle: CurlHandle, job: CurlJob) throws(CurlFailure) -> HTTPAnswer {
        handle.set(CURLOPT_PROTOCOLS_STR, "http,https")
        handle.set(CURLOPT_URL, request.url.text)
        handle.set(CURLOPT_POST, 1)
        handle.setBody(request.body)
        handle.set(CURLOPT_USERAGENT, "Relais")
        if let proxy = request.proxy { handle.set(CURLOPT_PROXY, proxy) }
        handle.set(request.tls)
        handle.set(request.limits)
        let sink = CurlSink(job: job, limit: request.limits.answerBytes)
        // Without "Expect:" libcurl would wait for a 100 before a large body, which many receivers never send.
        let headers = request.headers.map { "\($0.name): \($0.value)" } + ["Expect:"]
        do {
            try handle.perform(into: sink, headers: headers)
        } catch {
            // An answer that is longer than what is kept is an answer all the same: its status counts.
            guard sink.isCut, !job.isCancelled else { throw error }
        }
        guard sink.hasHead else { throw CurlFailure(.closed) }
        return HTTPAnswer(status: handle.responseCode, retryAfter: handle.retryAfterSeconds.map { .seconds($0) }, body: sink.bytes)
    }

    /// A token and text without control characters (RFC 9110 §5.1, §5.5).
    private static func isHeader(_ name: String, _ value: String) -> Bool {
        !name.isEmpty && name.utf8.allSatisfy(SafeBytes.isAtomText) && value.utf8.allSatisfy { (0x20...0x7E).contains($0) }
    }
}
