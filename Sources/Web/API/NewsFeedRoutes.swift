import Coordination
import Hummingbird
import Pathways
import ServiceLifecycle

/// What one person is told, for software that pulls: page by page, waiting, or as server-sent events.
struct NewsFeedRoutes {
    private let services: WebServices
    private let notifications: NotificationServices
    private let seats: NewsFeedSeats

    init(_ services: WebServices, _ notifications: NotificationServices) {
        self.services = services
        self.notifications = notifications
        seats = NewsFeedSeats(perPerson: notifications.pace.listenersPerPerson, inAll: notifications.pace.listeners)
    }

    func add(to router: some RouterMethods<WebContext>) {
        router.get("professionals/{rpps}/feed", use: read)
    }

    @Sendable private func read(_ request: Request, _ context: WebContext) async throws -> Response {
        let (rpps, caller) = try request.person(context, services)
        let query = QueryReader(request)
        let (limit, wait) = (try query.limit(), try query.wait(upTo: notifications.pace.longestWait))
        let cursor = try query.feedCursor()
        let reader = NewsFeedReader(notifications: notifications, rpps: rpps.value)
        // Who asks for the head alone reads nothing, and the référent-parcours reads it in nobody's place.
        let counts = request.method == .get && caller.attribution.rpps == rpps.value
        let seen: @Sendable (NewsFeedEntry) -> Void = { [openings = notifications.openings] entry in
            if counts { openings.take(.opened(.init(message: entry.message, via: .feed))) }
        }
        if request.wantsEvents {
            let stream = NewsFeedStream(reader: reader, start: try request.lastEventID() ?? cursor, wrote: seen)
            let seat = try seats.take(for: rpps.value)
            return Response(
                status: .ok,
                headers: [.contentType: "text/event-stream; charset=utf-8"],
                body: stream.body(request, on: context.channel, seat)
            )
        }
        let page = try await page(of: reader, after: cursor, limit: limit, wait: request.method == .get ? wait : 0)
        page.entries.forEach(seen)
        return try JSONAnswer.response(
            encoding: NewsFeedDocument(professional: rpps.value, entries: page.entries, next: page.next.text)
        )
    }

    /// The first page that has entries; an empty one when the time is up, or the server stops.
    private func page(of reader: NewsFeedReader, after cursor: NewsFeedCursor, limit: Int, wait: Int) async throws -> NewsFeedReader.Page {
        var page = try reader.page(after: cursor, limit: limit)
        guard wait > 0, page.entries.isEmpty else { return page }
        let seat = try seats.take(for: reader.rpps)
        defer { seat.release() }
        for _ in 0..<wait where page.entries.isEmpty && !Task.isShuttingDownGracefully {
            try await Task.sleep(for: notifications.pace.look)
            page = try reader.page(after: page.next, limit: limit)
        }
        return page
    }
}

extension QueryReader {
    /// Seconds that a read may wait for something to say; 0 unless it is asked for.
    /// - Throws: `Problem` 400.
    fileprivate func wait(upTo longest: Int) throws(Problem) -> Int {
        guard let text = text("wait") else { return 0 }
        guard let seconds = Int(text), (0...longest).contains(seconds) else {
            throw .malformed(parameter: "wait", "must be 0 to \(longest) seconds")
        }
        return seconds
    }

    /// - Throws: `Problem` 400.
    fileprivate func feedCursor() throws(Problem) -> NewsFeedCursor {
        guard let text = text("cursor") else { return .start }
        guard let cursor = NewsFeedCursor(text) else {
            throw .malformed(parameter: "cursor", "must be the `cursor` of an entry or the `next` of a page of this feed, unchanged")
        }
        return cursor
    }
}

extension Request {
    fileprivate var wantsEvents: Bool { header("accept")?.lowercased().contains("text/event-stream") == true }

    /// Where a stream was cut; it counts more than the address, which stays as it was.
    /// - Throws: `Problem` 400.
    fileprivate func lastEventID() throws(Problem) -> NewsFeedCursor? {
        guard let text = header("last-event-id"), !text.isEmpty else { return nil }
        guard let cursor = NewsFeedCursor(text) else {
            throw .malformed(parameter: "Last-Event-ID", "must be the id of an event of this feed, unchanged")
        }
        return cursor
    }
}
