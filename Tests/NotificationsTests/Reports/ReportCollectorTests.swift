import EventStore
import NotificationChannels
import Pathways
import Synchronization
import Testing
import Timekeeping

@testable import Notifications

/// What becomes of the mails in the mailbox that reports come back to.
@Suite(.timeLimit(.minutes(10)))
struct ReportCollectorTests {
    private static let unknown = MailReport(kind: .failed, status: "5.1.1", messageID: "<nobody.mssante@relais.test>")

    private static func desk() throws -> ReportDesk {
        let ledger = ReportingLedger(MemoryLedger(try Town.territory.get()))
        return ReportDesk(outbox: InMemoryOutbox(), ledger: ledger, time: TimeSource { Sample.start })
    }

    /// Lets a collector look so many times.
    private static func collect(_ mailbox: PlainMailbox, looks: Int) async throws {
        let left = Mutex(looks)
        let collector = ReportCollector(mailbox: mailbox, desk: try desk()) { _ in
            mailbox.nextLook()
            if left.withLock({ left in
                left -= 1
                return left <= 0
            }) {
                throw CancellationError()
            }
        }
        await collector.run(taken: { _ in }, failed: { _ in })
    }

    @Test func aMailThatReportsNothingStaysUnreadAndIsReadOnce() async throws {
        let mailbox = PlainMailbox([[], [Self.unknown], []])
        try await Self.collect(mailbox, looks: 4)
        #expect(mailbox.seen == [2])
        #expect(mailbox.read == [1: 1, 2: 1, 3: 1])
    }

    @Test func mailsThatReportNothingNeverHideTheReportsBehindThem() async throws {
        let mailbox = PlainMailbox(Array(repeating: [], count: 130) + [[Self.unknown]])
        try await Self.collect(mailbox, looks: 1)
        #expect(mailbox.seen == [131])
    }

    @Test func inAMailboxMadeAnewTheSameNumberIsAnotherMail() async throws {
        let mailbox = PlainMailbox([[]])
        mailbox.atLook(1) { ($0.validity, $0.mails) = (8, [[Self.unknown]]) }
        try await Self.collect(mailbox, looks: 2)
        #expect(mailbox.read == [1: 2] && mailbox.seen == [1])
    }
}

/// Mails by number from 1 on, each with what it reports.
private final class PlainMailbox: ReportMailbox {
    struct Contents: Sendable {
        var validity: UInt32 = 7
        var mails: [[MailReport]]
        var seen: Set<UInt32> = []
        var read: [UInt32: Int] = [:]
        var looks = 0
        var changes: [Int: @Sendable (inout Contents) -> Void] = [:]
    }

    private let contents: Mutex<Contents>

    init(_ mails: [[MailReport]]) { contents = Mutex(Contents(mails: mails)) }

    var seen: Set<UInt32> { contents.withLock { $0.seen } }
    var read: [UInt32: Int] { contents.withLock { $0.read } }

    func atLook(_ look: Int, _ change: @escaping @Sendable (inout Contents) -> Void) { contents.withLock { $0.changes[look] = change } }

    func nextLook() {
        contents.withLock { contents in
            contents.looks += 1
            contents.changes[contents.looks]?(&contents)
        }
    }

    func unread(limit: Int, without passed: PassedMails) async throws(MailboxReader.Failure) -> MailboxReader.Batch {
        contents.withLock { contents in
            let validity = contents.validity
            let seen = contents.seen
            let uids = contents.mails.indices.map { UInt32($0 + 1) }.filter { !seen.contains($0) && !passed.contains($0, validity: validity) }
            for uid in uids.prefix(limit) { contents.read[uid, default: 0] += 1 }
            let mails = uids.prefix(limit).map { MailboxReader.Mail(uid: $0, reports: contents.mails[Int($0) - 1]) }
            return MailboxReader.Batch(validity: validity, mails: mails, hasMore: uids.count > limit)
        }
    }

    func markSeen(_ uids: [UInt32], validity: UInt32) async throws(MailboxReader.Failure) {
        contents.withLock { $0.seen.formUnion(uids) }
    }
}

/// A ledger that knows of no message.
private struct ReportingLedger: Ledger, ReportLedger {
    let ledger: MemoryLedger

    init(_ ledger: MemoryLedger) { self.ledger = ledger }

    func recipient(_ rpps: String) -> (recipient: Recipient, territory: TerritoryState) { ledger.recipient(rpps) }
    func record(handOver: MessageHandedOver) async throws { try await ledger.record(handOver: handOver) }
    func record(undeliverable: MessageUndeliverable) async throws { try await ledger.record(undeliverable: undeliverable) }
    func record(delivered: MessageDelivered) async throws {}
    func record(opened: MessageOpened) async throws {}
    func record(bounced: MessageBounced) async throws {}
}
