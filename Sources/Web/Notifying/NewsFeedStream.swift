import Hummingbird
import NIOCore
import ServiceLifecycle
import Synchronization

/// One person's feed as server-sent events, until the client goes or the server stops. A client that comes back with the id of the last
/// event it had goes on exactly there.
struct NewsFeedStream: Sendable {
    /// Events that are read from the outbox at once.
    private static let pageSize = 100

    let reader: NewsFeedReader
    let start: NewsFeedCursor
    /// Hears of each entry that was written.
    let wrote: @Sendable (NewsFeedEntry) -> Void

    /// - Parameters:
    ///   - request: whose end tells that the client went.
    ///   - channel: its connection; nil within the process.
    ///   - seat: given up as soon as the client goes.
    func body(_ request: Request, on channel: (any Channel)?, _ seat: NewsFeedSeats.Seat) -> ResponseBody {
        let ending = Ending()
        let farewell = TimeAmount(reader.notifications.pace.farewell)
        return ResponseBody { writer in
            try await withGracefulShutdownHandler {
                try await request.body.consumeWithInboundCloseHandler { _ in
                    try await run(&writer, until: ending)
                    // Here: the connection is closed as soon as nobody listens for the client's end any more.
                    try await writer.finish(nil)
                } onInboundClosed: {
                    ending.come()
                    seat.release()
                }
            } onGracefulShutdown: {
                ending.come()
                // Who takes nothing in would hold the server up.
                if let channel { channel.eventLoop.scheduleTask(in: farewell) { channel.close(promise: nil) } }
            }
            seat.release()
        }
    }

    /// The outbox is looked at every second: that costs one indexed query. A signal from the dispatcher would save that second and could be
    /// missed; what stands in the outbox cannot.
    @concurrent
    func run(_ writer: inout any ResponseBodyWriter, until ending: Ending) async throws {
        let pace = reader.notifications.pace
        try await writer.write(ByteBuffer(string: "retry: 3000\n\n"))
        var cursor = start
        var looks = 0
        while !ending.hasCome {
            let page = try reader.page(after: cursor, limit: Self.pageSize)
            for entry in page.entries {
                try await writer.write(ByteBuffer(string: try entry.event()))
                wrote(entry)
            }
            cursor = page.next
            if page.isFull { continue }
            looks = page.entries.isEmpty ? looks + 1 : 0
            if looks >= pace.looksPerBeat {
                try await writer.write(ByteBuffer(string: ": still here\n\n"))
                looks = 0
            }
            try await Task.sleep(for: pace.look)
        }
    }

    /// Whether it is time to stop.
    final class Ending: Sendable {
        private let state = Mutex(false)

        var hasCome: Bool { state.withLock { $0 } }

        func come() { state.withLock { $0 = true } }
    }
}
