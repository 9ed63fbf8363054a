internal import CCurl

/// Why there was no answer. It keeps libcurl's number and no text: libcurl's messages may quote addresses.
struct CurlFailure: Error, Sendable, Hashable {
    enum Reason: String, Sendable, Hashable {
        case cancelled
        case timeout
        /// The name does not resolve, or nobody listens.
        case unreachable
        /// The peer ended the connection, or it broke.
        case closed
        /// No encryption, a certificate that is not trusted or not for this name, or ours was refused.
        case tls
        /// A file of ours (authorities, certificate, key) cannot be read.
        case tlsFiles = "tls-files"
        /// User name or password refused.
        case credentials
        /// What the peer said is not its protocol.
        case protocolError = "protocol"
        /// No thread, no memory, or an option that this libcurl does not know.
        case local
    }

    let reason: Reason
    /// The `CURLcode`; 0 when libcurl was not asked.
    let code: Int
    /// With which status an SMTP server sent us away before any message; its text is left out.
    let refusal: SMTPReply?

    init(_ reason: Reason, code: Int = 0, refusal: SMTPReply? = nil) {
        self.reason = reason
        self.code = code
        self.refusal = refusal
    }
}

extension CurlFailure {
    /// - Parameters:
    ///   - code: not `CURLE_OK`.
    ///   - text: libcurl's error text, only looked at: a certificate of ours that is refused in TLS 1.3 shows as a failed read.
    ///   - cancelled: whether the caller had given up.
    init(_ code: CURLcode, text: String, cancelled: Bool) {
        let reason: Reason =
            switch code {
            case _ where cancelled: .cancelled
            case CURLE_OPERATION_TIMEDOUT: .timeout
            case CURLE_COULDNT_RESOLVE_HOST, CURLE_COULDNT_RESOLVE_PROXY, CURLE_COULDNT_CONNECT: .unreachable
            case CURLE_SSL_CERTPROBLEM, CURLE_SSL_CACERT_BADFILE, CURLE_SSL_CRL_BADFILE: .tlsFiles
            case CURLE_SSL_CONNECT_ERROR, CURLE_PEER_FAILED_VERIFICATION, CURLE_USE_SSL_FAILED, CURLE_SSL_INVALIDCERTSTATUS,
                CURLE_SSL_ISSUER_ERROR, CURLE_SSL_CIPHER, CURLE_SSL_PINNEDPUBKEYNOTMATCH, CURLE_SSL_CLIENTCERT:
                .tls
            case CURLE_RECV_ERROR, CURLE_SEND_ERROR:
                text.contains("alert") ? .tls : .closed
            case CURLE_GOT_NOTHING, CURLE_PARTIAL_FILE: .closed
            case CURLE_LOGIN_DENIED, CURLE_AUTH_ERROR: .credentials
            case CURLE_WEIRD_SERVER_REPLY, CURLE_UNSUPPORTED_PROTOCOL, CURLE_URL_MALFORMAT, CURLE_HTTP2, CURLE_HTTP2_STREAM,
                CURLE_BAD_CONTENT_ENCODING:
                .protocolError
            case CURLE_FAILED_INIT, CURLE_OUT_OF_MEMORY, CURLE_UNKNOWN_OPTION, CURLE_NOT_BUILT_IN, CURLE_BAD_FUNCTION_ARGUMENT: .local
            default: .closed
            }
        self.init(reason, code: Int(code.rawValue))
    }
}
