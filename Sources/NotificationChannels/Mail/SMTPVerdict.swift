/// What an SMTP server's answer means for the delivery (RFC 5321 §4.2, RFC 3463). Pure.
enum SMTPVerdict {
    static func outcome(of ending: SMTPEnding) -> DeliveryOutcome {
        switch ending {
        case .accepted(let reply): .handedOver(receipt: receipt(of: reply))
        case .refused(let step, let reply): refusal(step, reply)
        }
    }

    private static func refusal(_ step: SMTPStep, _ reply: SMTPReply) -> DeliveryOutcome {
        let word = ["smtp", String(reply.code), reply.enhanced].compactMap(\.self).joined(separator: "-")
        // Security and policy before any message (X.7.n): a certificate of ours that is missing or not accepted.
        if step == .connecting, reply.enhanced?.split(separator: ".").dropFirst().first == "7" {
            return .later(reason: "configuration-\(word)", after: nil)
        }
        guard (500...599).contains(reply.code) else { return .later(reason: word, after: nil) }
        switch reply.code {
        // Syntax, authentication, encryption: ours to repair, and no fault of this recipient.
        case 500...504, 521, 523, 530, 534, 535, 538: return .later(reason: "configuration-\(word)", after: nil)
        // A full mailbox empties (X.2.2); a message that is too big stays so.
        case 552: return reply.enhanced == "5.3.4" || reply.enhanced == "5.2.3" ? .never(reason: word) : .later(reason: word, after: nil)
        default: break
        }
        // A sender that is refused is refused for every recipient.
        // Servers that wait for RCPT before they refuse a sender say so with X.1.7 and X.1.8.
        let isAboutSender = reply.enhanced == "5.1.7" || reply.enhanced == "5.1.8"
        if step == .connecting || step == .sender || isAboutSender { return .later(reason: "configuration-\(word)", after: nil) }
        return .never(reason: word)
    }

    /// At most 200 visible characters of the answer to the message: `2.0.0 Ok: queued as 4Yx…`.
    private static func receipt(of reply: SMTPReply) -> String? {
        let text = reply.lines.joined(separator: " ").unicodeScalars.filter { (0x20...0x7E).contains($0.value) }.prefix(200)
        return text.isEmpty ? nil : String(String.UnicodeScalarView(text))
    }
}
