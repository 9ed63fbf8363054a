public import EventStore
import Pathways
import Sealing
public import Timekeeping

/// The application service: command → streams → decide → append. The only room that loads, decides and appends.
public struct Coordinator: Sendable {
    /// What came of a command.
    public enum Outcome: Sendable, Hashable {
        /// Decided now, and durable at this position of the log.
        case done(answer: [UInt8], position: Int64)
        /// The same command was decided before: its answer, and the position of then. Nil if the answer was erased.
        case repeated(answer: [UInt8]?, position: Int64)

        public var position: Int64 {
            switch self {
            case .done(_, let position), .repeated(_, let position): position
            }
        }
    }

    private static let attempts = 12

    public let log: any EventLog
    public let loader: StateLoader
    public let streams: StreamNames
    public let time: TimeSource
    public let ids: EventIDGenerator

    public init(log: any EventLog, sealer: any PayloadSealer, streams: StreamNames, time: TimeSource, ids: EventIDGenerator) {
        self.log = log
        self.streams = streams
        self.time = time
        self.ids = ids
        loader = StateLoader(reader: log, sealer: sealer)
    }

    /// Decides and appends, atomically and once per key. When another command changed the same streams meanwhile, decides anew.
    ///
    /// - Parameters:
    ///   - key: the idempotency key (I4); nil for a decision that is idempotent by nature.
    ///   - remembersNothing: whether a decision that changes nothing is kept under its key. A process manager has no use for it: to decide
    ///     again costs less than a commit.
    ///   - body: decides; returns the answer that is kept with the key. May run several times.
    /// - Throws: what `body` throws (nothing is recorded then); `EventStoreError`; `CoordinationError.tooMuchContention`.
    public func perform(
        _ key: CommandKey?,
        remembersNothing: Bool = true,
        _ body: (inout UnitOfWork) throws -> [UInt8]
    ) async throws -> Outcome {
        // Two HMACs, of which a decision that changes nothing has no need.
        lazy var keyed = key.map(streams.keyed)
        for _ in 0..<Self.attempts {
            var work = UnitOfWork(loader: loader, ids: ids, streams: streams)
            let answer: [UInt8]
            do {
                answer = try body(&work)
            } catch let rejection as Rejection {
                // What was answered once is answered again, whatever has happened since to what it was about.
                if let keyed, let earlier = try earlierOutcome(of: keyed) { return earlier }
                // Refused on what may be a state behind its stream: only a fresh one may say no.
                if try isCurrent(&work) { throw rejection }
                work.forget()
                continue
            }
            if work.isEmpty && (key == nil || !remembersNothing) {
                // Decided on what may be a state behind its stream: only a fresh one may say that nothing is to be done.
                if try isCurrent(&work) { return .done(answer: answer, position: try log.head().position) }
                work.forget()
                continue
            }
            let request = AppendRequest(command: keyed, writes: work.writes, answer: answer, answerSealedFor: work.answerSubject)
            do {
                switch try await log.append(request) {
                case .appended(let receipt):
                    work.remember()
                    return .done(answer: answer, position: receipt.position)
                case .repeated(let answer, let position):
                    return .repeated(answer: answer, position: position)
                }
            } catch EventStoreError.Code.wrongExpectedVersion {
                work.forget()
            } catch SealingError.Code.keyDestroyed {
                // An erasure was faster: the decision was made on what is there no more.
                work.forget()
            }
        }
        throw CoordinationError.tooMuchContention
    }

    /// What was recorded under a command's key before.
    public enum Precedent: Sendable, Hashable {
        case none
        /// This command.
        case same
        /// Another request.
        case other
    }

    /// Whether a command came before, whatever its ``CommandKey/match`` would make of it.
    /// - Throws: `EventStoreError` if the log cannot be read.
    public func precedent(of key: CommandKey) throws -> Precedent {
        let key = streams.keyed(key)
        guard let known = try log.command(scope: key.scope, key: key.key) else { return .none }
        return known.requestHash == key.requestHash ? .same : .other
    }

    /// What a command was answered before; nil if it was not recorded.
    /// - Throws: `EventStoreError` `commandKeyReused` if its key came with another body.
    func earlier(_ key: CommandKey) throws -> Outcome? { try earlierOutcome(of: streams.keyed(key)) }

    /// Nil if no command of this key was recorded.
    /// - Parameter key: as the log is told it.
    /// - Throws: `EventStoreError` `commandKeyReused` if it came with another body.
    private func earlierOutcome(of key: CommandKey) throws -> Outcome? {
        guard let known = try log.command(scope: key.scope, key: key.key) else { return nil }
        guard key.match == .keyAlone || known.requestHash == key.requestHash else {
            var facts = EventStoreError.Facts()
            facts.position = known.position
            throw EventStoreError(
                .commandKeyReused,
                "The key was used before with another body in \(key.scope): use a new key for a new request.",
                facts: facts
            )
        }
        return .repeated(answer: known.answer, position: known.position)
    }

    private func isCurrent(_ work: inout UnitOfWork) throws -> Bool {
        for (stream, version) in work.loadedVersions where try log.version(of: stream) != version { return false }
        return true
    }
}
