import Dispatch
import Synchronization

/// Pages on their way from the thread that reads to the thread that writes: a few, so that neither waits for each single page of the other,
/// and no more, so that memory stays flat.
final class PageQueue: Sendable {
    private let pages = Mutex<[Result<OpenedPage, any Error>]>([])
    private let filled = DispatchSemaphore(value: 0)
    // Begins at 0 and is raised: libdispatch refuses to release a semaphore that stands below where it began.
    private let room = DispatchSemaphore(value: 0)
    private let isClosed = Mutex(false)

    init(capacity: Int) {
        for _ in 0..<max(1, capacity) { room.signal() }
    }

    /// Waits for room.
    /// - Returns: false if nobody takes pages any more.
    func put(_ page: Result<OpenedPage, any Error>) -> Bool {
        room.wait()
        if isClosed.withLock({ $0 }) { return false }
        pages.withLock { $0.append(page) }
        filled.signal()
        return true
    }

    /// Waits for a page.
    func take() throws -> OpenedPage {
        filled.wait()
        let page = pages.withLock { $0.isEmpty ? nil : $0.removeFirst() }
        room.signal()
        guard let page else { throw CancellationError() }
        return try page.get()
    }

    /// Lets whoever puts go on, and end.
    func close() {
        isClosed.withLock { $0 = true }
        room.signal()
    }
}
