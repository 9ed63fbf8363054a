internal import CCurl

/// One easy handle of libcurl, freed with this object. Used by one thread at a time.
final class CurlHandle {
    let pointer: UnsafeMutableRawPointer
    private let errorText = UnsafeMutablePointer<CChar>.allocate(capacity: Int(CURL_ERROR_SIZE))
    private var firstProblem: CURLcode = CURLE_OK

    /// libcurl's own set-up, once for the process; the result is kept so that every handle knows of a failure.
    private static let globalResult = curl_global_init(Int(CURL_GLOBAL_DEFAULT))

    /// `nil` when libcurl does not start or memory is short.
    init?() {
        guard Self.globalResult == CURLE_OK, let pointer = curl_easy_init() else {
            errorText.deallocate()
            return nil
        }
        self.pointer = pointer
        reset()
    }

    deinit {
        // No callback and no buffer of ours is reachable while libcurl closes its connections.
        curl_easy_reset(pointer)
        curl_easy_cleanup(pointer)
        errorText.deallocate()
    }

    /// Forgets all options; open connections stay. Then sets those that no exchange of ours goes without.
    func reset() {
        curl_easy_reset(pointer)
        firstProblem = CURLE_OK
        errorText.pointee = 0
        note(relais_curl_set_pointer(pointer, CURLOPT_ERRORBUFFER, errorText))
        set(CURLOPT_NOSIGNAL, 1)
        set(CURLOPT_FOLLOWLOCATION, 0)
        set(CURLOPT_NETRC, 0)
        // An empty name keeps libcurl from looking for proxies in the environment.
        set(CURLOPT_PROXY, "")
        set(CURLOPT_NOPROXY, "")
        set(CURLOPT_SSL_VERIFYPEER, 1)
        set(CURLOPT_SSL_VERIFYHOST, 2)
        set(CURLOPT_SSLVERSION, Int(CURL_SSLVERSION_TLSv1_2))
        set(CURLOPT_TCP_KEEPALIVE, 1)
    }

    func set(_ option: CURLoption, _ value: Int) {
        note(relais_curl_set_long(pointer, option, value))
    }

    /// libcurl copies the text.
    func set(_ option: CURLoption, _ value: String) {
        note(value.withCString { relais_curl_set_string(pointer, option, $0) })
    }

    func set(_ limits: TransferLimits) {
        set(CURLOPT_CONNECTTIMEOUT_MS, limits.connect.curlMilliseconds)
        set(CURLOPT_TIMEOUT_MS, limits.total.curlMilliseconds)
    }

    func set(_ tls: TLSMaterial) {
        if let authorities = tls.authorities { set(CURLOPT_CAINFO, authorities) }
        if let certificate = tls.certificate { set(CURLOPT_SSLCERT, certificate) }
        if let key = tls.key { set(CURLOPT_SSLKEY, key) }
    }

    /// libcurl copies the bytes.
    func setBody(_ bytes: [UInt8]) {
        note(relais_curl_set_offset(pointer, CURLOPT_POSTFIELDSIZE_LARGE, curl_off_t(bytes.count)))
        bytes.withUnsafeBytes { buffer in
            let text = buffer.baseAddress?.assumingMemoryBound(to: CChar.self)
            note(relais_curl_set_string(pointer, CURLOPT_COPYPOSTFIELDS, text))
        }
    }

    /// Runs what the options say, with `sink` receiving what comes; afterwards libcurl knows neither `sink` nor `headers`.
    ///
    /// - Parameter headers: lines of an HTTP request.
    func perform(into sink: CurlSink, headers: [String] = []) throws(CurlFailure) {
        var list: UnsafeMutablePointer<curl_slist>?
        for line in headers {
            // A failed append leaves the list as it was; better no request than one without its headers.
            guard let longer = curl_slist_append(list, line) else {
                curl_slist_free_all(list)
                throw CurlFailure(.local, code: Int(CURLE_OUT_OF_MEMORY.rawValue))
            }
            list = longer
        }
        defer { curl_slist_free_all(list) }
        if let list { note(relais_curl_set_list(pointer, CURLOPT_HTTPHEADER, list)) }
        attach(sink)
        defer { detach() }
        guard firstProblem == CURLE_OK else { throw CurlFailure(firstProblem, text: "", cancelled: false) }
        let result = withExtendedLifetime(sink) { curl_easy_perform(pointer) }
        guard result == CURLE_OK else { throw CurlFailure(result, text: String(cString: errorText), cancelled: sink.job.isCancelled) }
    }

    /// The last status of HTTP or SMTP; 0 when none came.
    var responseCode: Int {
        var code = 0
        return relais_curl_get_long(pointer, CURLINFO_RESPONSE_CODE, &code) == CURLE_OK ? code : 0
    }

    /// What Retry-After asked for, a date being reckoned from now (RFC 9110 §10.2.3); `nil` when it asked for nothing.
    var retryAfterSeconds: Int64? {
        var seconds: curl_off_t = 0
        guard relais_curl_get_offset(pointer, CURLINFO_RETRY_AFTER, &seconds) == CURLE_OK, seconds > 0 else { return nil }
        return Int64(seconds)
    }

    private func attach(_ sink: CurlSink) {
        let context = Unmanaged.passUnretained(sink).toOpaque()
        note(relais_curl_set_data_callback(pointer, CURLOPT_WRITEFUNCTION, receiveBytes))
        note(relais_curl_set_pointer(pointer, CURLOPT_WRITEDATA, context))
        note(relais_curl_set_data_callback(pointer, CURLOPT_HEADERFUNCTION, receiveHead))
        note(relais_curl_set_pointer(pointer, CURLOPT_HEADERDATA, context))
        note(relais_curl_set_progress_callback(pointer, lookAtProgress))
        note(relais_curl_set_pointer(pointer, CURLOPT_XFERINFODATA, context))
        set(CURLOPT_NOPROGRESS, 0)
    }

    private func detach() {
        _ = relais_curl_set_long(pointer, CURLOPT_NOPROGRESS, 1)
        _ = relais_curl_set_progress_callback(pointer, nil)
        _ = relais_curl_set_pointer(pointer, CURLOPT_XFERINFODATA, nil)
        _ = relais_curl_set_data_callback(pointer, CURLOPT_WRITEFUNCTION, ignoreBytes)
        _ = relais_curl_set_pointer(pointer, CURLOPT_WRITEDATA, nil)
        _ = relais_curl_set_data_callback(pointer, CURLOPT_HEADERFUNCTION, ignoreBytes)
        _ = relais_curl_set_pointer(pointer, CURLOPT_HEADERDATA, nil)
        _ = relais_curl_set_list(pointer, CURLOPT_HTTPHEADER, nil)
    }

    /// Options are checked together, before anything is sent: a forgotten one may be the one that checks certificates.
    private func note(_ result: CURLcode) {
        if firstProblem == CURLE_OK { firstProblem = result }
    }
}

// What C calls. None is a closure and none is isolated to an actor: libcurl calls them on the thread of the job.

private func receiveBytes(_ bytes: UnsafeMutablePointer<CChar>?, _ size: Int, _ count: Int, _ context: UnsafeMutableRawPointer?) -> Int {
    let (length, overflow) = size.multipliedReportingOverflow(by: count)
    guard let bytes, let context, !overflow, length > 0 else { return 0 }
    let sink = Unmanaged<CurlSink>.fromOpaque(context).takeUnretainedValue()
    return sink.receive(UnsafeRawBufferPointer(start: bytes, count: length)) ? length : 0
}

private func receiveHead(_ bytes: UnsafeMutablePointer<CChar>?, _ size: Int, _ count: Int, _ context: UnsafeMutableRawPointer?) -> Int {
    let (length, overflow) = size.multipliedReportingOverflow(by: count)
    guard let bytes, let context, !overflow else { return 0 }
    Unmanaged<CurlSink>.fromOpaque(context).takeUnretainedValue().receiveHead(UnsafeRawBufferPointer(start: bytes, count: length))
    return length
}

private func ignoreBytes(_: UnsafeMutablePointer<CChar>?, _ size: Int, _ count: Int, _: UnsafeMutableRawPointer?) -> Int {
    size.multipliedReportingOverflow(by: count).partialValue
}

private func lookAtProgress(_ context: UnsafeMutableRawPointer?, _: curl_off_t, _: curl_off_t, _: curl_off_t, _: curl_off_t) -> Int32 {
    guard let context else { return 0 }
    return Unmanaged<CurlSink>.fromOpaque(context).takeUnretainedValue().job.isCancelled ? 1 : 0
}
