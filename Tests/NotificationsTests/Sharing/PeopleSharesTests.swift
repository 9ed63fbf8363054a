import Notifications
import Pathways
import Synchronization
import Testing
import Timekeeping

@Suite(.timeLimit(.minutes(30))) struct PeopleSharesTests {
    private final class Journal: Sendable {
        let records = Mutex<[(share: Int, record: JournalRecord)]>([])
    }

    private let journal = Journal()

    private func shares(_ count: Int, isFresh: @escaping @Sendable () -> Bool = { true }) -> PeopleShares {
        PeopleShares(count: count, isFresh: isFresh) { [journal] share, record in journal.records.withLock { $0.append((share, record)) } }
    }

    private static let people = (0..<3_000).map { "9999\($0 + 1_000_000)" }

    @Test func `everybody has one share, the same on every node, and shares are about equal`() throws {
        let (one, other) = (shares(12), shares(12))
        var sizes = [Int](repeating: 0, count: 12)
        for person in Self.people {
            let share = try #require(one.share(of: person))
            #expect(other.share(of: person) == share)
            sizes[share] += 1
        }
        #expect(sizes.allSatisfy { (150...350).contains($0) }, "\(sizes)")
        // Reckoned elsewhere: nodes of different releases must agree.
        #expect(one.share(of: "99999000021") == 6)
    }

    @Test func `nobody is held before shares are known, granted, or while the node was asleep`() throws {
        let isFresh = Mutex(true)
        let unknown = shares(0)
        unknown.grant(0)
        #expect(!unknown.holds("a") && unknown.share(of: "a") == nil && !unknown.enter("a"))
        let known = PeopleShares(count: 1, isFresh: { isFresh.withLock { $0 } }) { _, _ in }
        #expect(!known.holds("a"))
        known.grant(0)
        known.grant(7)
        known.grant(-1)
        #expect(known.holds("a") && known.held == [0])
        isFresh.withLock { $0 = false }
        #expect(!known.holds("a") && !known.enter("a"))
        isFresh.withLock { $0 = true }
        known.begin(count: 2)
        #expect(known.held.isEmpty)
    }

    @Test func `a share is given up when nobody of it is being seen to, and nobody new is`() async throws {
        let shares = shares(1)
        shares.grant(0)
        #expect(shares.enter("a") && shares.enter("a") && shares.enter("b"))
        let isReleased = Mutex(false)
        let releasing = Task {
            await shares.release([0])
            isReleased.withLock { $0 = true }
        }
        while shares.holds("a") { await Task.yield() }
        #expect(!shares.enter("c"))
        for person in ["a", "b"] {
            shares.leave(person)
            try await Task.sleep(for: .milliseconds(5))
            #expect(!isReleased.withLock { $0 })
        }
        shares.leave("a")
        await releasing.value
        #expect(isReleased.withLock { $0 })
        await shares.release([0])
    }

    @Test func `who does not hold somebody cannot announce for them, and what is closed is told all the same`() async throws {
        let shares = shares(3)
        let message = Sample.message([Sample.news("e1")])
        await #expect(throws: SharingTrouble.self) { try await shares.announce(message) }
        let share = try #require(shares.share(of: message.recipient))
        shares.grant(share)
        try await shares.announce(message)
        await shares.close(message)
        let records = journal.records.withLock { $0 }
        #expect(records.map(\.record) == [.open(message), .closed(message.id)] && records.allSatisfy { $0.share == share })
    }
}
