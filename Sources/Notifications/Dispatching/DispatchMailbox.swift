import Synchronization

/// Whom a dispatcher is asked to look at, from wherever.
final class DispatchMailbox: Sendable {
    private let mail = Mutex(Dispatcher.Mailbox())
    private let signal = DispatchSignal()

    func call(_ recipients: [String]) {
        guard !recipients.isEmpty else { return }
        mail.withLock { $0.called += recipients }
        signal.raise()
    }

    func wake(_ urgent: Set<String>) {
        mail.withLock { mail in
            mail.urgent.formUnion(urgent)
            mail.wakes += 1
        }
        signal.raise()
    }

    func raise() { signal.raise() }

    func wait() async { await signal.wait() }

    func empty() -> Dispatcher.Mailbox {
        mail.withLock { mail in
            defer { mail = Dispatcher.Mailbox() }
            return mail
        }
    }
}
