public import Logging
public import Pathways
public import ServiceLifecycle
import Synchronization

/// Takes note, beside the answers, that messages were seen: an answer never waits for it, and never fails by it. What is not noted yet when
/// the process is killed is lost; it proves that somebody read, and nothing else hangs on it.
public final class OpeningQueue: Service {
    /// A message was seen.
    public struct Opening: Sendable, Hashable {
        public let message: String
        public let via: OpeningWay
        /// Whose link it was.
        public let channel: ChannelKind?

        public init(message: String, via: OpeningWay, channel: ChannelKind? = nil) {
            self.message = message
            self.via = via
            self.channel = channel
        }
    }

    enum Note: Sendable, Hashable {
        case opened(Opening)
        /// Somebody saw their list, and in it all that they were told.
        case sawList(rpps: String)
    }

    private struct Waiting {
        var attempts = 0
        /// The round before which it is not tried again.
        var due: Int64 = 0
    }

    private struct State {
        var waiting: [Note: Waiting] = [:]
        /// Lately noted, so that who fetches the same again costs nothing; the ledger itself takes each once.
        var noted: Set<Note> = []
        var round: Int64 = 0
        var dropped: Int64 = 0

        mutating func finish(_ note: Note, room: Int) {
            waiting[note] = nil
            // A list is looked at again, and holds other messages then.
            guard case .opened = note else { return }
            if noted.count >= room { noted.removeAll() }
            noted.insert(note)
        }

        mutating func postpone(_ note: Note, longest: Int64) {
            guard var left = waiting[note] else { return }
            left.due = round + min(1 << Int64(min(left.attempts, 30)), longest)
            left.attempts = min(left.attempts + 1, 30)
            waiting[note] = left
        }
    }

    private static let longestPause: Int64 = 600

    private let state = Mutex(State())
    private let limit: Int
    private let opened: @Sendable (Opening) async throws -> Bool
    private let sawList: @Sendable (_ rpps: String) async throws -> Void
    private let pause: Duration
    private let logger: Logger

    /// - Parameters:
    ///   - opened: notes it. True when that is done with, for good: it is noted, or there is no such message. False while no channel has
    ///     answered for the message yet, as when software pulls it before: it is asked again later. An error is trouble, and tried again
    ///     too.
    ///   - sawList: notes that somebody saw every message that was handed over to them. Their next look makes up for one that fails.
    ///   - limit: of what waits; more is not noted.
    ///   - pause: between two rounds.
    public init(
        opened: @escaping @Sendable (Opening) async throws -> Bool,
        sawList: @escaping @Sendable (_ rpps: String) async throws -> Void,
        limit: Int = 10_000,
        pause: Duration = .seconds(1),
        logger: Logger
    ) {
        self.opened = opened
        self.sawList = sawList
        self.limit = limit
        self.pause = pause
        self.logger = logger
    }

    /// What waits to be noted, for metrics.
    public var waiting: Int { state.withLock { $0.waiting.count } }

    /// What was not noted for want of room since the process began, for metrics.
    public var dropped: Int64 { state.withLock { $0.dropped } }

    func take(_ note: Note) {
        state.withLock { state in
            guard state.waiting[note] == nil, !state.noted.contains(note) else { return }
            guard state.waiting.count < limit else {
                state.dropped += 1
                return
            }
            state.waiting[note] = Waiting()
        }
    }

    // MARK: - Working

    public func run() async throws {
        while !Task.isCancelled, !Task.isShuttingDownGracefully {
            await workOff()
            try? await cancelWhenGracefulShutdown { [pause] in try await Task.sleep(for: pause) }
        }
        await workOff()
    }

    /// Tries everything that is due once.
    func workOff() async {
        let due = state.withLock { state in
            state.round += 1
            return state.waiting.filter { $0.value.due <= state.round }.map(\.key)
        }
        for note in due {
            let isDone = await isDone(note)
            state.withLock { isDone ? $0.finish(note, room: limit) : $0.postpone(note, longest: Self.longestPause) }
        }
    }

    private func isDone(_ note: Note) async -> Bool {
        do {
            switch note {
            case .opened(let opening): return try await opened(opening)
            case .sawList(let rpps): try await sawList(rpps)
            }
        } catch {
            // The type alone: an error of a library may quote what it was given.
            logger.warning("an opening is not noted yet", metadata: ["error": "\(type(of: error))"])
            if case .opened = note { return false }
        }
        return true
    }
}
