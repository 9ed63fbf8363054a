internal import Synchronization

/// Connections to one server that wait for the next message.
final class IdleConversations: Sendable {
    private struct Kept {
        let session: SMTPSession
        let since: ContinuousClock.Instant
    }

    private let longest: Duration
    private let most: Int
    private let kept = Mutex<[Kept]>([])

    /// - Parameters:
    ///   - longest: a connection that waited longer is not used any more.
    ///   - most: connections that are kept.
    init(longest: Duration = .seconds(20), most: Int = 8) {
        self.longest = longest
        self.most = most
    }

    /// The one used last, out of the list.
    func take() -> SMTPSession? {
        let now = ContinuousClock.now
        return kept.withLock { kept in
            kept.removeAll { $0.since.duration(to: now) > longest }
            return kept.popLast()?.session
        }
    }

    func put(_ session: SMTPSession) {
        kept.withLock { kept in
            if kept.count < most { kept.append(Kept(session: session, since: .now)) }
        }
    }
}
