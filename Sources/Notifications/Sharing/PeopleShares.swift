internal import Crypto
import Synchronization

/// A territory's people in a fixed number of shares, of which this node holds some.
///
/// By person and not by pathway: a message merges what somebody is told of several pathways, and their messages stay in order.
public final class PeopleShares: DispatchShare {
    /// Where the nodes keep what they have begun.
    public typealias Keep = @Sendable (_ share: Int, _ record: JournalRecord) async throws -> Void

    private struct State {
        var count: Int
        var held: Set<Int> = []
        var visits: [String: Int] = [:]
        var waiting: [(shares: Set<Int>, continuation: CheckedContinuation<Void, Never>)] = []

        /// Whether somebody of these shares is being seen to.
        func isBusy(with shares: Set<Int>) -> Bool {
            visits.keys.contains { PeopleShares.share(of: $0, count: count).map(shares.contains) ?? false }
        }
    }

    private let state: Mutex<State>
    private let keep: Keep
    private let isFresh: @Sendable () -> Bool

    /// - Parameters:
    ///   - isFresh: whether what it believes to hold can still be believed: false after the process was stopped for a while, or was cut off.
    ///   - keep: durable, for all nodes, when it returns.
    public init(count: Int = 0, isFresh: @escaping @Sendable () -> Bool = { true }, keep: @escaping Keep) {
        state = Mutex(State(count: max(0, count)))
        self.isFresh = isFresh
        self.keep = keep
    }

    /// Into how many shares the people are divided: the same on every node. 0 = not known yet, nobody is held.
    public var count: Int { state.withLock { $0.count } }

    /// The shares that are this node's now.
    public var held: Set<Int> { state.withLock { $0.held } }

    /// The share of somebody, by the first 8 bytes of SHA-256 of their RPPS; nil while the number of shares is not known.
    public func share(of recipient: String) -> Int? { Self.share(of: recipient, count: count) }

    /// As ``share(of:)`` of so many.
    public static func share(of recipient: String, count: Int) -> Int? {
        guard count > 0 else { return nil }
        let number = SHA256.hash(data: Array(recipient.utf8)).prefix(8).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        return Int(number % UInt64(count))
    }

    // MARK: - Giving and taking

    /// The number of shares is known now; none is held yet.
    public func begin(count: Int) {
        state.withLock { state in
            state.count = max(0, count)
            state.held = []
        }
    }

    public func grant(_ share: Int) {
        state.withLock { state in
            if (0..<state.count).contains(share) { state.held.insert(share) }
        }
    }

    /// Begins nothing more of these shares, and returns when nobody of them is being seen to.
    public func release(_ shares: Set<Int>) async {
        await withCheckedContinuation { continuation in
            let isFree = state.withLock { state in
                state.held.subtract(shares)
                guard state.isBusy(with: shares) else { return true }
                state.waiting.append((shares, continuation))
                return false
            }
            if isFree { continuation.resume() }
        }
    }

    // MARK: - DispatchShare

    public func holds(_ recipient: String) -> Bool {
        isFresh() && state.withLock { state in Self.share(of: recipient, count: state.count).map(state.held.contains) ?? false }
    }

    public func enter(_ recipient: String) -> Bool {
        guard isFresh() else { return false }
        return state.withLock { state in
            guard let share = Self.share(of: recipient, count: state.count), state.held.contains(share) else { return false }
            state.visits[recipient, default: 0] += 1
            return true
        }
    }

    public func leave(_ recipient: String) {
        let freed = state.withLock { state in
            let left = (state.visits[recipient] ?? 1) - 1
            state.visits[recipient] = left > 0 ? left : nil
            let waiting = state.waiting
            state.waiting = waiting.filter { state.isBusy(with: $0.shares) }
            return waiting.filter { !state.isBusy(with: $0.shares) }
        }
        for waiting in freed { waiting.continuation.resume() }
    }

    public func announce(_ message: OutboxMessage) async throws {
        guard holds(message.recipient), let share = share(of: message.recipient) else {
            throw SharingTrouble("somebody else tells this person now")
        }
        try await keep(share, .open(message))
        // It may have taken longer than the others wait for this node.
        guard holds(message.recipient) else { throw SharingTrouble("somebody else tells this person now") }
    }

    /// Whoever is being seen to is nobody else's yet.
    public func remember(_ message: OutboxMessage) async {
        guard let share = share(of: message.recipient) else { return }
        try? await keep(share, .open(message))
    }

    /// One that others cannot be told to be through is gone on with by them: under the same id, or not at all, by the log.
    public func close(_ message: OutboxMessage) async {
        guard let share = share(of: message.recipient) else { return }
        try? await keep(share, .closed(message.id))
    }
}
