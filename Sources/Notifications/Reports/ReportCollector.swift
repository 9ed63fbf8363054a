public import NotificationChannels

/// Reads the mailbox that reports come back to, again and again.
public struct ReportCollector: Sendable {
    private static let pause: Duration = .seconds(30)
    /// How often a mail whose report cannot be recorded is read again.
    private static let patience = 20
    /// Mails read at once.
    private static let page = 50
    private let mailbox: any ReportMailbox
    private let desk: ReportDesk
    private let sleep: @Sendable (Duration) async throws -> Void

    /// - Parameter sleep: waits for the next look; throws when all is to end.
    public init(
        mailbox: any ReportMailbox,
        desk: ReportDesk,
        sleep: @escaping @Sendable (Duration) async throws -> Void = { try await Task.sleep(for: $0) }
    ) {
        self.mailbox = mailbox
        self.desk = desk
        self.sleep = sleep
    }

    /// Until it is cancelled. A mail is marked as read once all that it reports is recorded: broken off before, it is read again. One that
    /// reports nothing, such as a person's answer, stays unread for whoever looks after the mailbox, and is not read again before a restart.
    ///
    /// - Parameters:
    ///   - taken: is told what came of each report.
    ///   - failed: is told, in a word, why the mailbox or the log could not be worked on.
    public func run(taken: @Sendable (ReportDesk.Outcome) -> Void, failed: @Sendable (String) -> Void) async {
        var failures: [UInt32: Int] = [:]
        var passed = PassedMails()
        while !Task.isCancelled {
            var hasMore = false
            do {
                let batch = try await mailbox.unread(limit: Self.page, without: passed)
                var done: [UInt32] = []
                var others = 0
                for mail in batch.mails {
                    if mail.reports.isEmpty {
                        passed.insert(mail.uid, validity: batch.validity)
                        others += 1
                        continue
                    }
                    do {
                        let outcomes = try await take(mail)
                        outcomes.forEach(taken)
                        if outcomes.contains(.tooEarly), failures[mail.uid, default: 0] < Self.patience {
                            failures[mail.uid, default: 0] += 1
                            continue
                        }
                    } catch {
                        // Of errors of the log the type alone: theirs may quote data. One mail never holds up the others.
                        failed("\(type(of: error))")
                        failures[mail.uid, default: 0] += 1
                        if failures[mail.uid, default: 0] < Self.patience { continue }
                    }
                    failures[mail.uid] = nil
                    done.append(mail.uid)
                }
                try await mailbox.markSeen(done, validity: batch.validity)
                hasMore = batch.hasMore && (!done.isEmpty || others > 0)
            } catch {
                failed(error.reason)
            }
            if !hasMore { do { try await sleep(Self.pause) } catch { return } }
        }
    }

    private func take(_ mail: MailboxReader.Mail) async throws -> [ReportDesk.Outcome] {
        var outcomes: [ReportDesk.Outcome] = []
        for report in mail.reports { outcomes.append(try await desk.take(report)) }
        return outcomes
    }
}
