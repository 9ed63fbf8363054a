internal import CRdKafka

extension KafkaError {
    static let shutDown = KafkaError(.closed, "The Kafka client was shut down. Make a new one.")

    /// A code of librdkafka. `action` begins the sentence: what was tried, on what.
    init(_ native: rd_kafka_resp_err_t, _ action: String, detail: String = "", isFatal: Bool = false) {
        let verdict = Verdict(native)
        let name = String(orEmpty: rd_kafka_err2name(native))
        let text = detail.isEmpty ? String(orEmpty: rd_kafka_err2str(native)) : detail
        let isFenced = isFatal && native == RD_KAFKA_RESP_ERR_INVALID_PRODUCER_EPOCH
        self.init(
            isFenced ? .fenced : verdict.code,
            "\(action): \(text.trimmingFinalDot) (\(name)). \(verdict.advice)",
            nativeCode: native.rawValue,
            isFatal: isFatal || native == RD_KAFKA_RESP_ERR__FATAL || native == RD_KAFKA_RESP_ERR__FENCED,
            isRetriable: verdict.isRetriable && !isFatal,
            requiresAbort: false
        )
    }

    /// Takes over and destroys an error object.
    init(taking error: OpaquePointer, of client: OpaquePointer, _ action: String) {
        defer { rd_kafka_error_destroy(error) }
        let native = rd_kafka_error_code(error)
        if native == RD_KAFKA_RESP_ERR__FATAL, let fatal = Self.fatal(of: client, action) {
            self = fatal
            return
        }
        let isFatal = rd_kafka_error_is_fatal(error) != 0
        let needsAbort = rd_kafka_error_txn_requires_abort(error) != 0
        let plain = KafkaError(native, action, detail: String(orEmpty: rd_kafka_error_string(error)), isFatal: isFatal)
        // Unknown reasons for an abort are one kind; known ones keep theirs.
        let code = needsAbort && plain.code == .other ? Code.transactionFailed : plain.code
        self.init(
            code,
            needsAbort ? plain.message + " The transaction has to be aborted." : plain.message,
            nativeCode: native.rawValue,
            isFatal: plain.isFatal,
            isRetriable: rd_kafka_error_is_retriable(error) != 0,
            requiresAbort: needsAbort
        )
    }

    /// What a fatal error stems from, which librdkafka keeps for the client; `nil` when there was none.
    static func fatal(of client: OpaquePointer, _ action: String) -> KafkaError? {
        var text = [CChar](repeating: 0, count: 512)
        let native = rd_kafka_fatal_error(client, &text, text.count)
        guard native != RD_KAFKA_RESP_ERR_NO_ERROR else { return nil }
        return KafkaError(native, action, detail: String(decodingC: text), isFatal: true)
    }

    /// As ``init(_:_:detail:isFatal:)``, with the underlying reason where the code is only "fatal".
    static func of(_ native: rd_kafka_resp_err_t, client: OpaquePointer, _ action: String) -> KafkaError {
        if native == RD_KAFKA_RESP_ERR__FATAL, let fatal = fatal(of: client, action) { return fatal }
        return KafkaError(native, action)
    }
}

extension String {
    fileprivate var trimmingFinalDot: Substring { hasSuffix(".") ? dropLast() : self[...] }
}
