/// Makes a mail of a message (RFC 5322, MIME of RFC 2045 to 2047): ASCII only, lines ended by CRLF, the same bytes at each repeat.
struct MailComposer: Sendable {
    var sender: AddrSpec
    var senderName: String?
    /// Where a reader's program sends the confirmation of reading (RFC 8098 §2.1); `nil` asks for none.
    var confirmationTo: AddrSpec?

    /// `nil` when the message has a flaw.
    func compose(_ message: RenderedMessage, to recipient: AddrSpec) -> [UInt8]? {
        guard message.flaw == nil, let messageID = MessageID(headerValue: message.messageID) else { return nil }
        var headers = MailHeaders()
        headers.add("From", sender, displayName: senderName)
        headers.add("To", recipient)
        headers.add("Date", message.createdAt)
        headers.add("Message-ID", messageID)
        headers.add("Subject", text: message.subject)
        if let confirmationTo { headers.add("Disposition-Notification-To", confirmationTo) }
        // Absence notices and robots stay silent (RFC 3834 §5); reports on delivery are no answers and come all the same.
        headers.add("Auto-Submitted", "auto-generated")
        if message.urgency == .urgent { headers.add("Importance", "high") }
        headers.add("MIME-Version", "1.0")
        return headers.bytes + body(of: message)
    }

    /// The remaining headers, the empty line and the content.
    private func body(of message: RenderedMessage) -> [UInt8] {
        guard let attachment = message.attachment else { return readable(message) }
        let boundary = MailBoundary("mixed", id: message.id)
        var headers = MailHeaders()
        headers.addContentType("multipart/mixed", boundary: boundary)
        var file = MailHeaders()
        file.addAttachment(mediaType: attachment.mediaType, name: attachment.name)
        file.add("Content-Transfer-Encoding", "base64")
        var bytes = headers.bytes + lineEnd + boundary.opening + readable(message) + boundary.opening + file.bytes + lineEnd
        let encoded = Array(Base64.encode(attachment.bytes).utf8)
        for start in stride(from: 0, to: encoded.count, by: 76) {
            bytes += encoded[start..<min(start + 76, encoded.count)] + lineEnd
        }
        return bytes + boundary.closing
    }

    private func readable(_ message: RenderedMessage) -> [UInt8] {
        guard let html = message.html else { return part("text/plain; charset=utf-8", message.text) }
        let boundary = MailBoundary("alternative", id: message.id)
        var headers = MailHeaders()
        headers.addContentType("multipart/alternative", boundary: boundary)
        return headers.bytes + lineEnd + boundary.opening + part("text/plain; charset=utf-8", message.text) + boundary.opening
            + part("text/html; charset=utf-8", html) + boundary.closing
    }

    private func part(_ type: StaticString, _ text: String) -> [UInt8] {
        var headers = MailHeaders()
        headers.add("Content-Type", type)
        headers.add("Content-Transfer-Encoding", "quoted-printable")
        return headers.bytes + lineEnd + QuotedPrintable.encode(text)
    }

    private var lineEnd: [UInt8] { [0x0D, 0x0A] }
}
