import Coordination
import EventStore
import HL7v2
import Intake
import Pathways
import Synchronization
import Testing
import Timekeeping

/// Which acknowledgement is sent, and when none can be promised (I1; health-domain §A.5).
struct AnsweringTests {
    struct Enhanced: Sendable, CustomTestStringConvertible {
        let accept: String
        let application: String
        /// MSA-1 for an A01 that is right, without PID-3, and of version 2.2; nil = no answer.
        let codes: [String?]
        var testDescription: String { "MSH-15 \(accept), MSH-16 \(application)" }
    }

    static let enhanced: [Enhanced] = [
        Enhanced(accept: "", application: "", codes: ["AA", "AE", "AR"]),
        Enhanced(accept: "AL", application: "NE", codes: ["CA", "CE", "CR"]),
        Enhanced(accept: "AL", application: "AL", codes: ["CA", "CE", "CR"]),
        Enhanced(accept: "AL", application: "", codes: ["CA", "CE", "CR"]),
        Enhanced(accept: "", application: "AL", codes: ["CA", "CE", "CR"]),
        Enhanced(accept: "??", application: "", codes: ["CA", "CE", "CR"]),
        Enhanced(accept: "NE", application: "AL", codes: ["AA", "AE", "AR"]),
        Enhanced(accept: "NE", application: "ER", codes: [nil, "AE", "AR"]),
        Enhanced(accept: "ER", application: "NE", codes: [nil, "CE", "CR"]),
        Enhanced(accept: "SU", application: "NE", codes: ["CA", nil, nil]),
        Enhanced(accept: "SU", application: "AL", codes: ["CA", "AE", "AR"]),
        Enhanced(accept: "NE", application: "NE", codes: [nil, nil, nil]),
    ]

    @Test(arguments: enhanced)
    func enhancedMode(_ row: Enhanced) async throws {
        let station = try await Station()
        let plain = ADTMessage("A01").with([("MSH-15", row.accept), ("MSH-16", row.application)])
        let messages = [plain, plain.with([("PID-3", ""), ("MSH-10", "C2")]), plain.with([("MSH-12", "2.2"), ("MSH-10", "C3")])]
        for (message, code) in zip(messages, row.codes) {
            // The second time it is a repetition, and answered alike.
            for _ in 1...2 {
                switch await station.intake.receive(message.bytes) {
                case .acknowledge(let bytes, let receipt):
                    #expect(try Acknowledgement(Message(parsing: bytes)).code.rawValue == code)
                    #expect(receipt.acknowledgement.rawValue == code)
                case .noAnswer(.notWanted): #expect(code == nil)
                case .noAnswer(let silence): Issue.record("\(silence)")
                }
            }
        }
        #expect(try station.all(MessageReceived.self).count == 3)
    }

    /// A log whose storage fails as long as it is told to.
    final class FailingLog: EventLog {
        private let wrapped: InMemoryEventLog
        private let failure = Mutex<EventStoreError?>(nil)

        init(_ wrapped: InMemoryEventLog) { self.wrapped = wrapped }

        func fail(with error: EventStoreError?) { failure.withLock { $0 = error } }

        func append(_ request: AppendRequest) async throws -> AppendOutcome {
            if let error = failure.withLock({ $0 }) { throw error }
            return try await wrapped.append(request)
        }

        var epoch: Int64 { wrapped.epoch }
        var identity: String { wrapped.identity }
        func close() async { await wrapped.close() }
        func head() throws -> LogHead { try wrapped.head() }
        func read(after position: Int64, limit: Int) throws -> [RecordedEvent] { try wrapped.read(after: position, limit: limit) }
        func read(stream: StreamID, fromVersion version: Int64, limit: Int) throws -> [RecordedEvent] {
            try wrapped.read(stream: stream, fromVersion: version, limit: limit)
        }
        func version(of stream: StreamID) throws -> Int64 { try wrapped.version(of: stream) }
        func attachment(of position: Int64) throws -> [UInt8]? { try wrapped.attachment(of: position) }
        func forEachEvent(after position: Int64, through last: Int64, _ body: (RecordedEvent) throws -> Void) throws {
            try wrapped.forEachEvent(after: position, through: last, body)
        }
        func command(scope: String, key: String) throws -> RecordedCommand? { try wrapped.command(scope: scope, key: key) }
        func commandCounts(scope: String) throws -> CommandCounts { try wrapped.commandCounts(scope: scope) }
        func nextCommit(after position: Int64) async throws -> Int64 { try await wrapped.nextCommit(after: position) }
    }

    @Test(arguments: [EventStoreError.Code.storageUnavailable, .diskFull, .ownedByAnother, .closed, .wrongExpectedVersion])
    func `while the log refuses, AR 207 and nothing recorded; the repetition is taken`(_ code: EventStoreError.Code) async throws {
        let log = FailingLog(InMemoryEventLog(identity: "test-territory", time: .fixed(Station.now)))
        let station = try await Station(log: log)
        log.fail(with: EventStoreError(code, "a failure of this test"))
        let refused = try await station.send(ADTMessage("A01"))
        #expect(refused.code == "AR")
        #expect(refused.faults == ["207 "])
        #expect(refused.receipt.result == .unavailable)
        #expect(refused.acknowledgement.controlID == "C1")
        #expect(try station.kinds.isEmpty)
        #expect(station.observations.all.map(\.event) == [.received(.unavailable)])

        log.fail(with: nil)
        #expect(try await station.send(ADTMessage("A01")).code == "AA")
        #expect(try station.pathway().status == .admitted)
    }

    @Test func `without a territory, AR 207`() async throws {
        let station = try await Station(publishes: false)
        #expect(try await station.send(ADTMessage("A01")).faults == ["207 "])
        #expect(try station.kinds.isEmpty)
    }

    @Test func `a wrong message is never told to come again while the log fails`() async throws {
        let log = FailingLog(InMemoryEventLog(identity: "test-territory", time: .fixed(Station.now)))
        let station = try await Station(log: log)
        log.fail(with: EventStoreError(.diskFull, "a failure of this test"))
        // Even content that will be refused is not refused before that is durable.
        #expect(try await station.send(ADTMessage("A01").with("PID-3", "")).code == "AR")
        log.fail(with: nil)
        #expect(try await station.send(ADTMessage("A01").with("PID-3", "")).code == "AE")
    }

    @Test func `what the parser put right is remarked`() async throws {
        let station = try await Station()
        let text = ADTMessage("A01").with("PID-5", "LÉGER^Zoé^^^^^L").text
        let plain = try await station.send(Array(text.utf8))
        #expect(plain.acknowledgement.errors.isEmpty)
        let lines = text.replacing("\r", with: "\n").replacing("^~\\&", with: "^~\\\\&").replacing("UNICODE UTF-8", with: "8859/15")
        #expect(try await station.send(Array(lines.utf8)).warnings.isSuperset(of: ["terminators", "delimiters", "charset-mismatch"]))
        #expect(try station.last(MessageReceived.self).facts.charset == "UNICODE UTF-8")
    }
}
