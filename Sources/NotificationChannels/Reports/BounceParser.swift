/// Reads what comes back to our mailbox: delivery reports (RFC 3464), confirmations of reading (RFC 8098) and the negative ones of
/// MSSanté. Pure; any bytes are read, what is no report gives none.
///
/// Anybody can write such a mail: a report counts only for a message that its identifiers name, and those nobody else can guess.
public enum BounceParser {
    /// One report for each recipient that the mail speaks of; empty when it is no report.
    public static func reports(in mail: [UInt8]) -> [MailReport] {
        let whole = MailPart(mail[...])
        let parts = whole.all
        let returned = returnedMessageID(in: parts) ?? referredMessageID(in: whole.fields)
        if let code = integrationFailure(in: whole.fields) {
            let notice = parts.first { $0.type == "message/disposition-notification" }.map { MailFields.parse($0.content[...]).0 }
            return [
                MailReport(
                    kind: .integrationFailed,
                    recipient: notice.flatMap { address($0["final-recipient"] ?? $0["original-recipient"]) },
                    status: code.isEmpty ? nil : code,
                    messageID: notice?["original-message-id"].flatMap(messageID) ?? returned
                )
            ]
        }
        return parts.flatMap { part -> [MailReport] in
            switch part.type {
            case "message/delivery-status", "message/global-delivery-status": deliveryReports(part.content, messageID: returned)
            case "message/disposition-notification", "message/global-disposition-notification":
                confirmation(part.content, messageID: returned).map { [$0] } ?? []
            default: []
            }
        }
    }

    // MARK: - Delivery reports

    private static func deliveryReports(_ content: [UInt8], messageID: String?) -> [MailReport] {
        var (message, rest) = MailFields.parse(content[...])
        // Some systems put an empty line first.
        if message.isEmpty, !rest.isEmpty { (message, rest) = MailFields.parse(rest) }
        let envelopeID = message["original-envelope-id"].map { withoutBrackets(XText.decode($0)) }.flatMap(bounded)
        var reports: [MailReport] = []
        while !rest.isEmpty, reports.count < 100 {
            let recipient: MailFields
            (recipient, rest) = MailFields.parse(rest)
            guard let action = recipient["action"], let kind = kind(ofAction: action) else { continue }
            reports.append(
                MailReport(
                    kind: kind,
                    recipient: address(recipient["original-recipient"]) ?? address(recipient["final-recipient"]),
                    status: recipient["status"].flatMap(status),
                    envelopeID: envelopeID,
                    messageID: messageID
                )
            )
        }
        return reports
    }

    private static func kind(ofAction action: String) -> MailReport.Kind? {
        switch firstWord(action) {
        case "failed": .failed
        case "delayed": .delayed
        case "delivered", "expanded": .delivered
        case "relayed": .relayed
        default: nil
        }
    }

    /// `5.1.1`, whatever comment follows.
    private static func status(_ text: String) -> String? {
        let word = text.prefix { !$0.isWhitespace && $0 != "(" }
        let parts = word.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 3, parts.allSatisfy({ (1...3).contains($0.utf8.count) && $0.utf8.allSatisfy(SafeBytes.isDigit) }) else { return nil }
        return String(word)
    }

    // MARK: - Confirmations

    private static func confirmation(_ content: [UInt8], messageID returned: String?) -> MailReport? {
        var (fields, rest) = MailFields.parse(content[...])
        if fields.isEmpty, !rest.isEmpty { (fields, rest) = MailFields.parse(rest) }
        // "manual-action/MDN-sent-manually; displayed/error": what happened stands behind the semicolon.
        guard let disposition = fields["disposition"], let type = disposition.split(separator: ";").dropFirst().first else { return nil }
        let words = type.split(separator: "/", maxSplits: 1).map { firstWord(String($0)) }
        let modifiers = words.dropFirst().joined()
        let kind: MailReport.Kind
        switch words.first {
        case "displayed": kind = .displayed
        case "deleted": kind = .deleted
        case "dispatched", "processed": kind = modifiers.contains("error") || modifiers.contains("failed") ? .failed : .handled
        case "failed", "denied": kind = .failed
        default: return nil
        }
        return MailReport(
            kind: kind,
            recipient: address(fields["original-recipient"]) ?? address(fields["final-recipient"]),
            messageID: fields["original-message-id"].flatMap(messageID) ?? returned
        )
    }

    /// The code of a negative MDN of MSSanté, empty when it has none; `nil` when the mail is something else.
    private static func integrationFailure(in fields: MailFields) -> String? {
        // Only the mark and the code are kept: what follows in the subject names the patient.
        let subject = EncodedWord.decode(fields["subject"] ?? "").lowercased().filter { !$0.isWhitespace }
        guard let mark = ["[kointégrationsystème!]", "[kointegrationsysteme!]"].first(where: { subject.hasPrefix($0) }) else { return nil }
        let rest = subject.dropFirst(mark.count)
        guard rest.first == "[" else { return "" }
        let code = rest.dropFirst().prefix { $0 != "]" }
        return code.utf8.count <= 32 && code.utf8.allSatisfy(SafeBytes.isIdentifier) ? code.uppercased() : ""
    }

    // MARK: - Identifiers

    /// The Message-ID of our mail in the headers that came back with a report.
    private static func returnedMessageID(in parts: [MailPart]) -> String? {
        for part in parts where ["message/rfc822", "text/rfc822-headers", "message/global", "message/global-headers"].contains(part.type) {
            if let found = MailFields.parse(part.content[...]).0["message-id"].flatMap(messageID) { return found }
        }
        return nil
    }

    /// What the mail is an answer to: In-Reply-To, else the last of References (RFC 5322 §3.6.4).
    private static func referredMessageID(in fields: MailFields) -> String? {
        if let answered = fields["in-reply-to"].flatMap(messageID) { return answered }
        guard let references = fields["references"], let last = references.lastIndex(of: "<") else { return nil }
        return messageID(String(references[last...]))
    }

    /// The first identifier in angle brackets, at most 250 bytes of visible ASCII.
    private static func messageID(_ text: String) -> String? {
        guard let start = text.firstIndex(of: "<"), let end = text[start...].firstIndex(of: ">") else { return nil }
        let id = String(text[start...end].filter { !$0.isWhitespace })
        return (3...250).contains(id.utf8.count) && id.utf8.allSatisfy(SafeBytes.isVisible) ? id : nil
    }

    /// The address behind `rfc822;`, bounded.
    private static func address(_ field: String?) -> String? {
        guard let field, let semicolon = field.firstIndex(of: ";") else { return nil }
        let text = withoutBrackets(XText.decode(field[field.index(after: semicolon)...].filter { !$0.isWhitespace }))
        return bounded(text)
    }

    private static func bounded(_ text: String) -> String? {
        !text.isEmpty && text.utf8.count <= 320 && text.utf8.allSatisfy(SafeBytes.isVisible) ? text : nil
    }

    private static func withoutBrackets(_ text: String) -> String {
        text.hasPrefix("<") && text.hasSuffix(">") && text.count >= 2 ? String(text.dropFirst().dropLast()) : text
    }

    private static func firstWord(_ text: String) -> String {
        text.drop(while: \.isWhitespace).prefix { !$0.isWhitespace && $0 != "(" && $0 != "," }.lowercased()
    }
}
