import HL7v2
import Synchronization
import Testing

/// What many bad senders may cost together, and that good ones do not pay for it.
@Suite(.timeLimit(.minutes(5))) struct MLLPLimitTests {
    @Test func longestUnfinishedFrameGoesWhenAllAreTooLong() async throws {
        var configuration = MLLPServerConfiguration.test
        configuration.maximumUnfinishedLength = 3_000
        let kept = Mutex([Int]())
        try await withServer(configuration, onTruncated: { frame in kept.withLock { $0.append(frame.payload.count) } }) { server, port in
            try await withPeer(port: port) { small in
                try await small.send([0x0B] + [UInt8](repeating: 0x61, count: 1_000))
                try await withPeer(port: port) { large in
                    try await large.send([0x0B] + [UInt8](repeating: 0x62, count: 2_500))
                    #expect(try await large.frames().isEmpty, "the longest is closed")
                }
                try await small.send([0x1C, 0x0D])
                #expect(try await small.frames(1).map(\.count) == [1_000], "the other is finished and answered")
            }
            #expect(server.counters.crowdedOut == 1)
            #expect(server.counters.truncated == 1)
            #expect(server.counters.frames == 1)
        }
        #expect(kept.withLock(\.self) == [2_500])
    }

    /// The time of a frame runs from its first byte: a byte now and then does not prolong it.
    @Test func tricklingFrameIsCutOff() async throws {
        var configuration = MLLPServerConfiguration.test
        configuration.frameTimeout = .milliseconds(100)
        try await withServer(configuration) { server, port in
            try await withPeer(port: port) { peer in
                let trickle = Task {
                    try await peer.send([0x0B])
                    while true {
                        try await peer.send([0x61])
                        try await Task.sleep(for: .milliseconds(5))
                    }
                }
                // A reset, when a byte arrives after the close, ends the stream as well.
                #expect((try? await peer.frames()) ?? [] == [])
                trickle.cancel()
                _ = await trickle.result
            }
            #expect(server.counters.timedOut == 1)
            #expect(server.counters.frames == 0)
        }
    }

    @Test func finishedFramesAreNotCounted() async throws {
        var configuration = MLLPServerConfiguration.test
        configuration.maximumUnfinishedLength = 2_000
        try await withServer(configuration) { server, port in
            let sent = [UInt8](repeating: 0x61, count: 1_500)
            for _ in 0..<5 {
                let answers = try await withPeer(port: port) { peer in
                    // In two writes: the first is a frame begun, and what it held is given back when it ends or the connection does.
                    try await peer.send([0x0B] + sent)
                    try await peer.send([0x1C, 0x0D, 0x0B] + sent)
                    return try await peer.frames(1)
                }
                #expect(answers == [sent])
            }
            #expect(server.counters.crowdedOut == 0)
            #expect(server.counters.frames == 5)
        }
    }
}
