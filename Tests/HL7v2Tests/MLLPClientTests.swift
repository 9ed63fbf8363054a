import HL7v2
import Testing

@Suite(.timeLimit(.minutes(5))) struct MLLPClientTests {
    @Test func nobodyListens() async throws {
        let port = try await withServer { _, port in port }
        await #expect(throws: MLLPClientError.unreachable(host: "127.0.0.1", port: port)) {
            try await MLLPClient.connect(host: "127.0.0.1", port: port)
        }
    }

    @Test func noAnswerInTime() async throws {
        let gate = Gate()
        try await withServer(
            handler: { _ in
                await gate.pass()
                return .close
            }
        ) { _, port in
            let client = try await MLLPClient.connect(host: "127.0.0.1", port: port, answerTimeout: .milliseconds(50))
            await #expect(throws: MLLPClientError.timedOut) { try await client.send([1]) }
            await #expect(throws: MLLPClientError.closed) { try await client.send([1]) }
            gate.open()
        }
    }

    @Test func oneMessageInFlight() async throws {
        let gate = Gate()
        try await withServer(
            handler: { frame in
                await gate.pass()
                return .answer(frame.payload)
            }
        ) { _, port in
            let client = try await MLLPClient.connect(host: "127.0.0.1", port: port)
            async let first = client.send([1])
            await gate.someoneArrived()
            await #expect(throws: MLLPClientError.requestInFlight) { try await client.send([2]) }
            gate.open()
            #expect(try await first == [1])
            await client.close()
        }
    }

    @Test func cancellationClosesTheConnection() async throws {
        let gate = Gate()
        try await withServer(
            handler: { _ in
                await gate.pass()
                return .close
            }
        ) { _, port in
            let client = try await MLLPClient.connect(host: "127.0.0.1", port: port)
            let sending = Task { try await client.send([1]) }
            await gate.someoneArrived()
            sending.cancel()
            await #expect(throws: CancellationError.self) { try await sending.value }
            await #expect(throws: MLLPClientError.closed) { try await client.send([1]) }
            gate.open()
        }
    }

    @Test func answerLongerThanAllowed() async throws {
        try await withServer { _, port in
            let client = try await MLLPClient.connect(host: "127.0.0.1", port: port, maximumAnswerLength: 10)
            #expect(try await client.send([UInt8](repeating: 1, count: 10)).count == 10)
            await #expect(throws: MLLPClientError.oversizedAnswer) { try await client.send([UInt8](repeating: 1, count: 11)) }
        }
    }

    @Test func serverClosesWithoutAnswer() async throws {
        try await withServer(handler: { _ in .close }) { _, port in
            let client = try await MLLPClient.connect(host: "127.0.0.1", port: port)
            await #expect(throws: MLLPClientError.closed) { try await client.send([1]) }
        }
    }
}
