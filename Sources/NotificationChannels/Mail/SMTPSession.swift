/// One connection to an SMTP server, over which messages go one after the other (RFC 5321 §3.3).
///
/// `@unchecked Sendable`: one job at a time holds it, as its conversation.
final class SMTPSession: @unchecked Sendable {
    private let conversation: CurlConversation
    private let offers: Set<String>
    private var sent = 0

    /// Messages after which a connection has served long enough: some servers count.
    private static let mostMessages = 100

    /// Connects, and asks what the server offers: what it said before TLS does not count (RFC 3207 §4.2).
    init(with server: MailServer, job: CurlJob, deadline: Deadline) throws(CurlFailure) {
        conversation = try CurlConversation(.smtp, with: server, job: job, deadline: deadline)
        try conversation.send("EHLO \(server.helloName)\r\n", job: job, deadline: deadline)
        let hello = try Self.reply(on: conversation, job: job, deadline: deadline)
        guard hello.isPositive else { throw CurlFailure(.protocolError, code: hello.code) }
        offers = Set(hello.lines.dropFirst().compactMap { $0.split(separator: " ").first?.uppercased() })
    }

    /// Whether another message may go over this connection.
    var isFresh: Bool { sent < Self.mostMessages }
    /// Whether a message went over it already: it may have died since.
    var isUsed: Bool { sent > 0 }

    /// Hands one message to the server.
    ///
    /// - Throws: `CurlFailure` when the connection fails: the server may have the message only if that came in step `.content`.
    func send(_ mail: OutgoingMail, job: CurlJob, deadline: Deadline, step: inout SMTPStep) throws(CurlFailure) -> SMTPEnding {
        let notifies = offers.contains("DSN")
        step = .sender
        var from = "MAIL FROM:<\(mail.sender)>"
        if offers.contains("SIZE") { from += " SIZE=\(mail.content.count)" }
        if notifies { from += " RET=HDRS ENVID=\(XText.encode(mail.envelopeID))" }
        var reply = try command(from, job: job, deadline: deadline)
        guard reply.isPositive else { return try refused(.sender, reply, job: job, deadline: deadline) }
        step = .recipient
        var to = "RCPT TO:<\(mail.recipient)>"
        if notifies { to += " NOTIFY=SUCCESS,FAILURE ORCPT=rfc822;\(XText.encode(mail.recipient.description))" }
        reply = try command(to, job: job, deadline: deadline)
        guard reply.isPositive else { return try refused(.recipient, reply, job: job, deadline: deadline) }
        reply = try command("DATA", job: job, deadline: deadline)
        guard reply.code == 354 else { return try refused(.recipient, reply, job: job, deadline: deadline) }
        step = .content
        try conversation.send(DotStuffing.encode(mail.content), job: job, deadline: deadline)
        reply = try Self.reply(on: conversation, job: job, deadline: deadline)
        guard reply.isPositive else { return try refused(.content, reply, job: job, deadline: deadline) }
        sent += 1
        return .accepted(reply)
    }

    /// Takes back what was begun, so that the next message finds a clean connection; when that fails, there is no next message.
    private func refused(_ step: SMTPStep, _ reply: SMTPReply, job: CurlJob, deadline: Deadline) throws(CurlFailure) -> SMTPEnding {
        let reset = reply.code == 421 ? nil : try? command("RSET", job: job, deadline: deadline)
        sent = reset?.isPositive == true ? sent + 1 : Self.mostMessages
        return .refused(step, reply)
    }

    private func command(_ text: String, job: CurlJob, deadline: Deadline) throws(CurlFailure) -> SMTPReply {
        try conversation.send(text + "\r\n", job: job, deadline: deadline)
        return try Self.reply(on: conversation, job: job, deadline: deadline)
    }

    private static func reply(on conversation: CurlConversation, job: CurlJob, deadline: Deadline) throws(CurlFailure) -> SMTPReply {
        var lines: [String] = []
        while lines.count < 200 {
            guard let line = SMTPReply.parse(try conversation.line(job: job, deadline: deadline)) else { throw CurlFailure(.protocolError) }
            lines.append(line.text)
            if line.isLast { return SMTPReply(code: line.code, lines: lines) }
        }
        throw CurlFailure(.protocolError)
    }
}
