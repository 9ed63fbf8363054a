/// A mailbox that reports come back to, and now and then a mail of a person.
public protocol ReportMailbox: Sendable {
    /// The oldest unread mails with what they report; leaves them unread.
    ///
    /// - Parameter passed: mails that are not to be read again.
    func unread(limit: Int, without passed: PassedMails) async throws(MailboxReader.Failure) -> MailboxReader.Batch

    /// Marks mails as read: what they report is stored.
    func markSeen(_ uids: [UInt32], validity: UInt32) async throws(MailboxReader.Failure)
}
