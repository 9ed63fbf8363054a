import EventStore

/// Appends many events, ten to a request and a stream, from several tasks.
struct FillRun {
    private static let writers = 32
    private static let eventsPerRequest = 10

    let directory: String
    let count: Int

    func run() async throws {
        let log = try SQLiteEventLog.open(.init(directory: directory, identity: StoreProbe.identity))
        let began = ContinuousClock.now
        let requests = count / Self.eventsPerRequest
        let first = Int(try log.head().position) / Self.eventsPerRequest
        try await withThrowingTaskGroup(of: Void.self) { group in
            for writer in 0..<Self.writers {
                group.addTask {
                    let events = ProbeEvents()
                    for number in stride(from: first + writer, to: first + requests, by: Self.writers) {
                        var request = try events.request(number, stream: UInt64(number))
                        let more = try (1..<Self.eventsPerRequest).flatMap { _ in try events.request(number, stream: 0).writes[0].events }
                        request.writes[0].events += more
                        _ = try await log.append(request)
                    }
                }
            }
            try await group.waitForAll()
        }
        let head = try log.head()
        await log.close()
        Output.line("filled \(head.position) \(head.rootHash) in \(ContinuousClock.now - began)")
    }
}
