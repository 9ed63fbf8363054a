import EventStore
import Streaming

extension Bench {
    /// From the return of an append to the copy's having it, at 500 events a second.
    func latency(seconds: Int) async throws {
        let rate = 500
        let progress = ReplicationProgress()
        let relay = makeRelay(progress)
        let relaying = Task { try await relay.run() }
        let following = Task { try await follower.run() }
        // Until both are under way.
        _ = try await origin.append(AppendRequest(writes: [StreamWrite(stream: stream(1), expected: .any, events: [event(0)])]))
        let start = try origin.head().position
        _ = try await copy.nextCommit(after: start - 1)

        let total = Int64(rate * seconds)
        let watch = Stopwatch()
        let watching = Task {
            var reached = start
            while reached < start + total {
                let next = try await copy.nextCommit(after: reached)
                watch.end(reached + 1...next, "commit to copy")
                reached = next
            }
        }
        let publishing = Task {
            var reached = start
            while reached < start + total {
                try await progress.wait(through: LogCursor(position: reached + 1, command: 0))
                let next = progress.cursor.position
                watch.end(reached + 1...next, "commit to topic")
                reached = next
            }
        }
        let began = ContinuousClock.now
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 0..<Int(total) {
                try await Task.sleep(until: began + .microseconds(number * 1_000_000 / rate))
                let request = AppendRequest(writes: [StreamWrite(stream: stream(number % 1_000), expected: .any, events: [event(number)])])
                group.addTask {
                    let position = try await origin.append(request).position
                    watch.begin(position)
                }
            }
            try await group.waitForAll()
        }
        report("appended", Int(total), ContinuousClock.now - began)
        try await watching.value
        try await publishing.value
        for name in ["commit to topic", "commit to copy"] { show(name, watch.sorted(name)) }
        relaying.cancel()
        following.cancel()
        try await relaying.value
        try await following.value
    }

    private func show(_ name: String, _ sorted: [Duration]) {
        func quantile(_ part: Double) -> Int64 {
            guard !sorted.isEmpty else { return 0 }
            let duration = sorted[min(sorted.count - 1, Int(Double(sorted.count) * part))]
            return duration.components.seconds * 1_000 + duration.components.attoseconds / 1_000_000_000_000_000
        }
        print("\(name): p50 \(quantile(0.5)) ms, p90 \(quantile(0.9)) ms, p99 \(quantile(0.99)) ms, max \(quantile(0.9999)) ms (\(sorted.count))")
    }
}
