extension Message {
    /// Reads one message of a sender who is known to use `agreed` where the bytes are not UTF-8, whatever MSH-18 says.
    ///
    /// - Parameter agreed: a single-byte set; with another one the usual decision stands (`CharsetDecision`).
    /// - Throws: `ParseError` when no header can be read.
    public init(parsing received: [UInt8], agreed: Charset) throws(ParseError) {
        let usual = try Message(parsing: received)
        guard agreed == .latin1 || agreed == .latin9, usual.charset.charset == .latin1 || usual.charset.charset == .latin9 else {
            self = usual
            return
        }
        // In UTF-8 the same message, but for the label, which speaks of the bytes that were received.
        let message = try Message(parsing: SingleByteCharset(agreed).utf8(received))
        let buffer = message.buffer
        self.init(
            buffer: MessageBuffer(bytes: buffer.bytes, delimiters: buffer.delimiters, segments: buffer.segments, charset: agreed),
            charset: CharsetDecision(agreed, label: usual.charset.label),
            irregularities: message.irregularities.filter { $0 != .charsetMismatch }
        )
    }
}

extension CharsetDecision {
    /// A set that was agreed with the sender: the label is not asked, so it cannot contradict.
    fileprivate init(_ agreed: Charset, label: String?) {
        charset = agreed
        self.label = label
        isMismatch = false
    }
}
