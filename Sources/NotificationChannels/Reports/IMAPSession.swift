/// The few commands of IMAP that reading reports needs (RFC 3501, RFC 9051), on a connection that libcurl opened and logged in.
final class IMAPSession {
    private let conversation: CurlConversation
    private let job: CurlJob
    private let deadline: Deadline
    private let longestMail: Int
    private var commands = 0

    /// Our literals' limit for one answer: what a server sends beside the mail.
    private static let mostLines = 10_000

    init(with server: MailServer, longestMail: Int, job: CurlJob, deadline: Deadline) throws(CurlFailure) {
        conversation = try CurlConversation(.imap, with: server, job: job, deadline: deadline)
        self.longestMail = longestMail
        self.job = job
        self.deadline = deadline
    }

    /// Opens a mailbox; its UIDVALIDITY (RFC 3501 §2.3.1.1): identifiers of mails hold for one such number only.
    func select(_ mailbox: IMAPMailbox) throws(CurlFailure) -> UInt32 {
        var validity: UInt32 = 0
        for response in try command("SELECT \(mailbox.quoted)") {
            guard let range = response.text.firstRange(of: "[UIDVALIDITY ") else { continue }
            validity = UInt32(response.text[range.upperBound...].prefix { $0 != "]" }) ?? validity
        }
        return validity
    }

    /// The answer to a search is one line, of eight bytes a mail: a million unread ones must not keep any from being read.
    private static let longestAnswer = 8 << 20

    /// Mails that nobody has read, in the order of their identifiers.
    func unread() throws(CurlFailure) -> [UInt32] {
        var found: [UInt32] = []
        for response in try command("UID SEARCH UNSEEN") where response.text.hasPrefix("* SEARCH") {
            found += response.text.split(separator: " ").dropFirst(2).compactMap { UInt32($0) }
        }
        return found.sorted()
    }

    /// The start of a mail, as much as is read of one; leaves it unread. `nil` when it is gone.
    func fetch(_ uid: UInt32) throws(CurlFailure) -> [UInt8]? {
        // PEEK: a mail counts as read when its fact is stored, not before.
        for response in try command("UID FETCH \(uid) (BODY.PEEK[]<0.\(longestMail)>)") where response.text.contains(" FETCH ") {
            if let literal = response.literals.first { return literal }
        }
        return nil
    }

    func markSeen(_ uids: [UInt32]) throws(CurlFailure) {
        _ = try command("UID STORE \(uids.map { String($0) }.joined(separator: ",")) +FLAGS.SILENT (\\Seen)")
    }

    func logOut() {
        // What matters is done; a server that does not say goodbye changes nothing.
        _ = try? command("LOGOUT")
    }

    private func command(_ text: String) throws(CurlFailure) -> [IMAPResponse] {
        commands += 1
        // libcurl's own tags are a letter and three digits; ours cannot be taken for one.
        let tag = "relais\(commands)"
        try conversation.send("\(tag) \(text)\r\n", job: job, deadline: deadline)
        var responses: [IMAPResponse] = []
        while responses.count < Self.mostLines {
            let response = try response()
            if response.text.hasPrefix(tag + " ") {
                guard response.text.dropFirst(tag.count + 1).hasPrefix("OK") else { throw CurlFailure(.protocolError) }
                return responses + [response]
            }
            responses.append(response)
        }
        throw CurlFailure(.protocolError)
    }

    /// A line with what it announces: `{n}` at its end means that n bytes follow and then the rest of the line (RFC 3501 §4.3).
    private func response() throws(CurlFailure) -> IMAPResponse {
        var text = ""
        var literals: [[UInt8]] = []
        while literals.count < 20 {
            let line = try conversation.line(longest: Self.longestAnswer, job: job, deadline: deadline)
            text += String(decoding: line, as: UTF8.self)
            guard let length = IMAPResponse.announcedLength(line) else { return IMAPResponse(text: text, literals: literals) }
            guard length <= longestMail + 65_536 else { throw CurlFailure(.protocolError) }
            literals.append(try conversation.bytes(length, job: job, deadline: deadline))
        }
        throw CurlFailure(.protocolError)
    }
}
