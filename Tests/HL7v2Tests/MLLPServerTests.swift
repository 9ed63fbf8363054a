import HL7v2
import Logging
import Synchronization
import Testing

@Suite(.timeLimit(.minutes(5))) struct MLLPServerTests {
    @Test func splitAndGluedFrames() async throws {
        try await withServer { server, port in
            let answers = try await withPeer(port: port) { peer in
                try await peer.send(MLLPFraming.frame([1, 2]) + [0x0D, 0x0A] + MLLPFraming.frame([3, 4]) + Array("noise".utf8) + [0x0B])
                for byte in [5, 6, 0x1C, 0x0D] as [UInt8] { try await peer.send([byte]) }
                return try await peer.frames(3)
            }
            #expect(answers == [[2, 1], [4, 3], [6, 5]])
            #expect(server.counters.frames == 3)
            #expect(server.counters.garbage == 5)
            #expect(server.counters.connections == 1)
        }
    }

    @Test func oneFrameOfAConnectionAtATime() async throws {
        let busy = Mutex((now: 0, most: 0, order: [UInt8]()))
        try await withServer(
            handler: { frame in
                busy.withLock { busy in
                    busy.now += 1
                    busy.most = max(busy.most, busy.now)
                    busy.order += frame.payload
                }
                await Task.yield()
                busy.withLock { $0.now -= 1 }
                return .answer(frame.payload)
            }
        ) { _, port in
            let answers = try await withPeer(port: port) { peer in
                try await peer.send((0x20..<0x70).flatMap { MLLPFraming.frame([$0]) })
                return try await peer.frames(0x50)
            }
            #expect(answers.flatMap(\.self) == Array(0x20..<0x70))
        }
        busy.withLock { busy in
            #expect(busy.most == 1)
            #expect(busy.order == Array(0x20..<0x70))
        }
    }

    @Test func oversizeClosesAndIsCounted() async throws {
        var configuration = MLLPServerConfiguration.test
        configuration.maximumFrameLength = 1_000
        try await withServer(configuration) { server, port in
            let answers = try await withPeer(port: port) { peer in
                try await peer.send(MLLPFraming.frame([1]) + [0x0B] + [UInt8](repeating: 0x61, count: 2_000))
                return try await peer.frames()
            }
            #expect(answers == [[1]])
            #expect(server.counters.oversized == 1)
            #expect(server.counters.frames == 1)
        }
    }

    @Test func slowSenderIsCutOffAndItsBytesKept() async throws {
        var configuration = MLLPServerConfiguration.test
        configuration.frameTimeout = .milliseconds(50)
        let kept = Mutex([[UInt8]]())
        try await withServer(configuration, onTruncated: { frame in kept.withLock { $0.append(frame.payload) } }) { server, port in
            let answers = try await withPeer(port: port) { peer in
                try await peer.send([0x0B] + Array("MSH|slow".utf8))
                return try await peer.frames()
            }
            #expect(answers.isEmpty)
            #expect(server.counters.timedOut == 1)
        }
        #expect(kept.withLock(\.self) == [Array("MSH|slow".utf8)])
    }

    @Test(arguments: [[], Array("garbage without a frame".utf8)] as [[UInt8]])
    func idleConnectionIsClosed(sent: [UInt8]) async throws {
        var configuration = MLLPServerConfiguration.test
        configuration.idleTimeout = .milliseconds(50)
        let server = try await withServer(configuration) { server, port in
            try await withPeer(port: port) { peer in
                // The server may be faster to close than the peer to send.
                try? await peer.send(sent)
                #expect((try? await peer.frames()) ?? [] == [])
            }
            return server
        }
        #expect(server.counters.timedOut == 1)
    }

    @Test func fiftyConnections() async throws {
        try await withServer { server, port in
            try await withThrowingTaskGroup(of: Bool.self) { group in
                for number in UInt8(0x20)..<0x52 {
                    group.addTask {
                        let client = try await MLLPClient.connect(host: "127.0.0.1", port: port)
                        var isRight = true
                        for round in UInt8(0x60)..<0x74 {
                            isRight = try await client.send([number, round]) == [round, number] && isRight
                        }
                        await client.close()
                        return isRight
                    }
                }
                for try await isRight in group { #expect(isRight) }
            }
            #expect(server.counters.connections == 50)
            #expect(server.counters.frames == 1_000)
            #expect(server.counters.refused == 0)
        }
    }

    @Test func tooManyConnectionsAreRefused() async throws {
        var configuration = MLLPServerConfiguration.test
        configuration.maximumConnections = 2
        try await withServer(configuration) { server, port in
            let first = try await MLLPClient.connect(host: "127.0.0.1", port: port)
            let second = try await MLLPClient.connect(host: "127.0.0.1", port: port)
            _ = try await first.send([1])
            _ = try await second.send([1])
            #expect(try await withPeer(port: port) { try await $0.frames() }.isEmpty)
            #expect(server.counters.refused == 1)
            #expect(server.counters.openConnections == 2)
            #expect(try await first.send([1, 2]) == [2, 1])
            await first.close()
            await second.close()
        }
    }

    @Test func handlerMayCloseWithoutAnswer() async throws {
        try await withServer(handler: { _ in .close }) { server, port in
            let answers = try await withPeer(port: port) { peer in
                try await peer.send(MLLPFraming.frame([1]))
                return try await peer.frames()
            }
            #expect(answers.isEmpty)
            #expect(server.counters.frames == 1)
        }
    }

    @Test func senderThatClosesItsSideIsStillAnswered() async throws {
        try await withServer { _, port in
            let answers = try await withPeer(port: port) { peer in
                try await peer.send(MLLPFraming.frame([1, 2]) + MLLPFraming.frame([3, 4]))
                peer.closeOutput()
                return try await peer.frames()
            }
            #expect(answers == [[2, 1], [4, 3]])
        }
    }

    @Test func truncatedFrameAtTheEndOfAConnection() async throws {
        let kept = Mutex([[UInt8]]())
        try await withServer(onTruncated: { frame in kept.withLock { $0.append(frame.payload) } }) { _, port in
            try await withPeer(port: port) { peer in
                try await peer.send([0x0B, 0x61, 0x62])
                peer.closeOutput()
                #expect(try await peer.frames().isEmpty)
            }
        }
        #expect(kept.withLock(\.self) == [[0x61, 0x62]])
    }

    @Test func stopWhileBusyAnswersTheFrameInHand() async throws {
        let gate = Gate()
        var configuration = MLLPServerConfiguration.test
        // A busy machine may take long over closing the listener; the frame in hand must not be given up for that.
        configuration.drainTimeout = .seconds(240)
        try await withServer(
            configuration,
            handler: { frame in
                await gate.pass()
                return .answer(frame.payload)
            }
        ) { server, port in
            let client = try await MLLPClient.connect(host: "127.0.0.1", port: port)
            let idle = try await MLLPClient.connect(host: "127.0.0.1", port: port)
            async let answer = client.send([1, 2, 3])
            await gate.someoneArrived()
            server.stop()
            await #expect(throws: MLLPClientError.self) {
                // The listener closes on its own thread: connect until it has.
                while true { await (try MLLPClient.connect(host: "127.0.0.1", port: port)).close() }
            }
            gate.open()
            #expect(try await answer == [1, 2, 3])
            await #expect(throws: MLLPClientError.closed) { try await client.send([4]) }
            await #expect(throws: MLLPClientError.closed) { try await idle.send([4]) }
        }
    }

    @Test func stopDoesNotWaitForeverForAHandler() async throws {
        let gate = Gate()
        var configuration = MLLPServerConfiguration.test
        configuration.drainTimeout = .milliseconds(20)
        await #expect(throws: MLLPClientError.closed) {
            try await withServer(
                configuration,
                handler: { frame in
                    await gate.pass()
                    return .answer(frame.payload)
                }
            ) { server, port in
                let client = try await MLLPClient.connect(host: "127.0.0.1", port: port)
                async let answer = client.send([1])
                await gate.someoneArrived()
                server.stop()
                _ = try await answer
            }
        }
        gate.open()
    }

    @Test func cancellationStopsGracefully() async throws {
        let logger = Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })
        let server = MLLPServer(configuration: .test, logger: logger) { .answer($0.payload) }
        let (ports, bound) = AsyncStream.makeStream(of: Int.self)
        let running = Task { try await server.run { bound.yield($0) } }
        var iterator = ports.makeAsyncIterator()
        let port = try #require(await iterator.next())
        let client = try await MLLPClient.connect(host: "127.0.0.1", port: port)
        #expect(try await client.send([1]) == [1])
        running.cancel()
        try await running.value
        await #expect(throws: MLLPClientError.closed) { try await client.send([1]) }
        #expect(server.counters.openConnections == 0)
    }

    @Test func addressInUseIsAnError() async throws {
        try await withServer { _, port in
            var configuration = MLLPServerConfiguration.test
            configuration.port = port
            await #expect(throws: (any Error).self) { try await withServer(configuration) { _, _ in } }
        }
    }
}
