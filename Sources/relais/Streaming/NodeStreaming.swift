import CoreMetrics
import EventStore
import Foundation
import Kafka
import Logging
import Sealing
import Streaming
import Synchronization
import Timekeeping
import Web

/// A node's part in Kafka: it hands its log over while it writes it, and takes the topics in while it copies them.
final class NodeStreaming: Sendable {
    /// Somebody waits for a promotion.
    private typealias Request = CheckedContinuation<Promotion.Report, any Error>

    let settings: KafkaSettings
    let topics: Topics
    let progress: ReplicationProgress
    let meters = StreamingMeters()
    /// Whether it may become the writer, where it copies a log.
    let isPromotable: Bool
    private let logger: Logger
    private let time: TimeSource
    private let requests: (stream: AsyncStream<Request>, continuation: AsyncStream<Request>.Continuation)
    private let handedOver: Mutex<(position: Int64, since: Instant)>

    /// Milliseconds without progress after which handing over is told to have stalled.
    private static let patience: Int64 = 10_000

    private init(_ settings: KafkaSettings, _ topics: Topics, isCopy: Bool, isPromotable: Bool = true, time: TimeSource, logger: Logger) {
        self.isPromotable = isPromotable
        self.settings = settings
        self.topics = topics
        self.logger = logger
        self.time = time
        progress = ReplicationProgress(isCopy: isCopy)
        requests = AsyncStream.makeStream()
        handedOver = Mutex((0, time.now()))
    }

    static func topics(of directory: NodeDirectory) throws -> Topics {
        do {
            return try Topics(territory: try directory.settings().territory)
        } catch let error as StreamingError {
            throw Failure(.usage, error.message)
        }
    }

    // MARK: - Before the log is opened

    /// For a node that writes its log, unless another machine has taken its place.
    ///
    /// - Throws: `Failure` if the log is a copy, or was replaced, or nothing could be acknowledged because the brokers cannot be reached.
    static func writing(_ directory: NodeDirectory, _ settings: KafkaSettings, time: TimeSource, logger: Logger) async throws -> NodeStreaming {
        let streaming = NodeStreaming(settings, try topics(of: directory), isCopy: false, time: time, logger: logger)
        guard try directory.role() == .writer else {
            throw Failure(
                .no,
                "\(directory.path) is a copy of a log that another machine writes: run relais standby, and relais promote when that machine is gone"
            )
        }
        do {
            let demotion = try streaming.demotion(of: directory)
            try await demotion.check()
            if let end = try await demotion.topicEnd() {
                let head = LogHead(position: end.position, rootHash: end.checkpoint.frontier.root, epoch: end.epoch)
                streaming.progress.begin(at: end.checkpoint.cursor, head)
            } else {
                streaming.progress.begin(at: LogCursor(), LogHead(position: 0, rootHash: MerkleFrontier().root, epoch: 0))
            }
        } catch let error as StreamingError where error.code == .replaced {
            throw replaced(directory)
        } catch let error as KafkaError {
            if settings.acknowledgement == .kafka {
                throw Failure(
                    .storage,
                    "Kafka cannot be asked whether another machine writes this territory now, and nothing could be acknowledged: \(error.message)"
                )
            }
            logger.warning("Kafka cannot be reached, handing over begins when it can", metadata: ["reason": "\(error.message)"])
        }
        return streaming
    }

    /// For a node that copies a log. One that was the writer and has been replaced becomes a copy, what only it had is set aside.
    ///
    /// - Throws: `Failure` if the log is the writer's that nobody has replaced.
    static func copying(
        _ directory: NodeDirectory,
        _ settings: KafkaSettings,
        isPromotable: Bool = true,
        time: TimeSource,
        logger: Logger
    ) async throws -> NodeStreaming {
        let topics = try topics(of: directory)
        let streaming = NodeStreaming(settings, topics, isCopy: true, isPromotable: isPromotable, time: time, logger: logger)
        guard FileManager.default.fileExists(atPath: directory.log), try directory.role() == .writer else { return streaming }
        let stamp = time.now().rfc3339.filter(\.isNumber).prefix(14)
        let tail = "\(directory.path)/tail-\(stamp).sealed"
        do {
            guard let report = try await streaming.demotion(of: directory).run(to: tail) else {
                throw Failure(
                    .no,
                    "\(directory.path) holds the log of the writer, and no other machine has taken its place. A copy begins without log.sqlite: "
                        + "settings.json and secrets/ alone"
                )
            }
            if let set = report.tail {
                Console.say(
                    "another machine took over: what only this one had, \(set.eventCount) events and \(set.commandCount) commands after position "
                        + "\(set.after), is set aside in \(tail), sealed as it was"
                )
            }
            if let replaced = report.replaced { Console.say("the log as it was is \(replaced); delete it once its tail was dealt with") }
            removeViews(of: directory)
        } catch let error as StreamingError {
            throw Failure(.no, error.message)
        }
        return streaming
    }

    /// They may show what the copy never had.
    private static func removeViews(of directory: NodeDirectory) {
        for name in ["views.sqlite", "proofs.sqlite", "reactors.sqlite"] {
            for suffix in ["", "-wal", "-shm"] { try? FileManager.default.removeItem(atPath: "\(directory.path)/\(name)\(suffix)") }
        }
    }

    private func demotion(of directory: NodeDirectory) throws -> Demotion {
        Demotion(
            of: directory.path,
            identity: try directory.settings().territory,
            topics: topics,
            configuration: settings.configuration,
            time: time,
            logger: logger
        )
    }

    private static func replaced(_ directory: NodeDirectory) -> Failure {
        Failure(
            .no,
            "another machine writes this territory now, and this one does not any more; to follow it from here: relais standby --data "
                + "\(directory.path) --kafka …"
        )
    }

    // MARK: - What is seen and acknowledged

    /// What decisions are recorded in.
    func log(over log: SQLiteEventLog) -> any EventLog {
        settings.acknowledgement == .kafka ? ReplicatedLog(log, progress: progress) : log
    }

    /// What followers and readers see.
    func reader(over log: SQLiteEventLog) -> any EventReader {
        settings.acknowledgement == .kafka ? ReplicatedReader(log, progress: progress) : log
    }

    /// How far handing over is behind the log, and whether it goes on.
    func check(_ log: SQLiteEventLog) throws -> Readiness.Check {
        guard log.role == .writer else { return Readiness.Check(name: "kafka", isReady: true, lag: 0, detail: "follows the writer's log") }
        let now = time.now()
        let position = progress.cursor.position
        let lag = max(0, try log.head().position - position)
        let since = handedOver.withLock { seen in
            if seen.position != position || lag == 0 { seen = (position, now) }
            return seen.since
        }
        let isStalled = now.milliseconds(since: since) > Self.patience
        let isReady = !isStalled || settings.acknowledgement == .local
        return Readiness.Check(name: "kafka", isReady: isReady, lag: lag, detail: isStalled ? "nothing was handed over since \(since.rfc3339)" : nil)
    }

    // MARK: - Running

    /// Follows until it is promoted, then hands over.
    ///
    /// - Throws: what makes going on wrong: a fork, another writer. The process must not go on acknowledging then.
    func run(_ node: Node) async throws {
        if node.log.role == .replica { try await follow(node) }
        guard node.log.role == .writer, !Task.isCancelled else { return }
        let relay = Relay(
            log: node.log,
            vault: node.keys,
            topics: topics,
            configuration: settings.configuration,
            progress: progress,
            time: time,
            logger: logger,
            metrics: meters
        )
        let end = try node.log.replicationEnd()
        do {
            try await withThrowingTaskGroup { group in
                group.addTask { try await relay.run() }
                group.addTask { [progress] in
                    try await progress.wait(through: end)
                    node.duty.beginWriting()
                }
                // The second one ends when it is done, the first when all is to end.
                try await group.waitForAll()
            }
        } catch let error as StreamingError where error.code == .replaced || error.code == .fenced {
            throw Self.replaced(node.directory)
        }
    }

    private func follow(_ node: Node) async throws {
        let follower = follower(of: node.log, node.keys)
        while node.log.role == .replica, !Task.isCancelled {
            let request = try await withThrowingTaskGroup { group in
                group.addTask { () -> Request? in
                    try await follower.run()
                    return nil
                }
                group.addTask { [requests] in await requests.stream.first { _ in true } }
                let first = try await group.next() ?? nil
                group.cancelAll()
                return first
            }
            guard let request else { return }
            do {
                let report = try await Promotion(of: follower, configuration: settings.configuration, logger: logger).run()
                progress.begin(at: try node.log.replicationEnd(), report.head)
                node.duty.beginWriting()
                request.resume(returning: report)
            } catch {
                request.resume(throwing: error)
            }
        }
    }

    func follower(of log: SQLiteEventLog, _ vault: KeyVault) -> ReplicaFollower {
        ReplicaFollower(
            log: log,
            vault: vault,
            topics: topics,
            configuration: settings.configuration,
            time: time,
            logger: logger,
            metrics: meters
        )
    }

    /// Makes the copy the territory's writer.
    func promote() async throws -> Promotion.Report {
        try await withCheckedThrowingContinuation { requests.continuation.yield($0) }
    }
}
