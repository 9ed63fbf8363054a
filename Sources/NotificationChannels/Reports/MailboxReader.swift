public import Logging

/// Reads the mailbox that reports come back to (IMAP4rev1 over TLS).
///
/// `unread` leaves everything as it is; `markSeen` comes when the facts are stored. A crash in between reads the same mails again.
public struct MailboxReader: ReportMailbox {
    /// A mail nobody has read yet.
    public struct Mail: Sendable, Hashable {
        public var uid: UInt32
        /// What it reports; empty for a mail of another kind, such as a person's answer.
        public var reports: [MailReport]

        public init(uid: UInt32, reports: [MailReport]) {
            self.uid = uid
            self.reports = reports
        }
    }

    /// What was in the mailbox.
    public struct Batch: Sendable, Hashable {
        /// For which the identifiers hold (UIDVALIDITY).
        public var validity: UInt32
        public var mails: [Mail]
        /// Whether there were more than asked for.
        public var hasMore: Bool

        public init(validity: UInt32, mails: [Mail], hasMore: Bool) {
            self.validity = validity
            self.mails = mails
            self.hasMore = hasMore
        }
    }

    /// Why the mailbox could not be read.
    public struct Failure: Error, Sendable, Hashable {
        /// A word: `cancelled`, `timeout`, `unreachable`, `closed`, `tls`, `tls-files`, `credentials`, `protocol`, `local`,
        /// `validity-changed`.
        public var reason: String

        public init(reason: String) {
            self.reason = reason
        }
    }

    private static let longestMail = 256 << 10

    private let server: MailServer
    private let mailbox: IMAPMailbox
    private let threads = CurlThreads(limit: 1, perDestination: 1)
    private let alarm: ChannelAlarm

    /// - Parameter server: its `limits.total` is for a whole batch.
    public init(server: MailServer, mailbox: IMAPMailbox = .inbox, logger: Logger) {
        self.server = server
        self.mailbox = mailbox
        alarm = ChannelAlarm(kind: ChannelName(rawValue: "mailbox"), logger: logger)
    }

    /// The oldest unread mails with what they report, of each mail the first 256 KiB.
    ///
    /// - Parameter passed: mails that are not to be read again, though nobody has read them; those of another mailbox count for nothing.
    /// - Throws: `Failure`; nothing was changed then.
    public func unread(limit: Int = 50, without passed: PassedMails = PassedMails()) async throws(Failure) -> Batch {
        try await inMailbox { session, validity throws(CurlFailure) in
            let uids = try session.unread().filter { !passed.contains($0, validity: validity) }
            var mails: [Mail] = []
            for uid in uids.prefix(max(0, limit)) {
                guard let bytes = try session.fetch(uid) else { continue }
                mails.append(Mail(uid: uid, reports: BounceParser.reports(in: bytes)))
            }
            return Batch(validity: validity, mails: mails, hasMore: uids.count > max(0, limit))
        }
    }

    /// Marks mails as read: what they report is stored.
    ///
    /// - Throws: `Failure`; `validity-changed` when the mailbox was made anew since, and the identifiers name other mails.
    public func markSeen(_ uids: [UInt32], validity expected: UInt32) async throws(Failure) {
        guard !uids.isEmpty else { return }
        let marked = try await inMailbox { session, validity throws(CurlFailure) in
            guard validity == expected else { return false }
            try session.markSeen(uids)
            return true
        }
        guard marked else { throw Failure(reason: "validity-changed") }
    }

    private func inMailbox<Value: Sendable>(
        _ body: @escaping @Sendable (IMAPSession, UInt32) throws(CurlFailure) -> Value
    ) async throws(Failure) -> Value {
        let result = await threads.run(to: server.destination) { [server, mailbox] job, _ in
            Result { () throws(CurlFailure) in
                let deadline = Deadline(in: server.limits.total)
                let session = try IMAPSession(with: server, longestMail: Self.longestMail, job: job, deadline: deadline)
                let value = try body(session, try session.select(mailbox))
                session.logOut()
                return value
            }
        }
        switch result {
        case .success(let value): return value
        case .failure(let failure):
            alarm.tell(failure, destination: server.destination)
            throw Failure(reason: failure.reason.rawValue)
        }
    }
}
