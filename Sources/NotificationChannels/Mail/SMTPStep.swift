/// How far a message got.
enum SMTPStep: Sendable, Hashable {
    /// Connection, greeting, TLS, log-in.
    case connecting
    /// MAIL FROM.
    case sender
    /// RCPT TO and DATA.
    case recipient
    /// The message itself: from here on the server may have it without our knowing.
    case content
}

/// How a message ended when the connection held.
enum SMTPEnding: Sendable, Hashable {
    case accepted(SMTPReply)
    case refused(SMTPStep, SMTPReply)
}
