public import EventStore
public import Kafka
public import Logging
public import Timekeeping

/// On the start of a node whose log is a writer's: sees whether another took its place meanwhile, and if so makes a replica of it, with what
/// only it had recorded set aside in a file.
public struct Demotion: Sendable {
    private let directory: String
    private let tail: TopicTail
    private let time: TimeSource

    private static let lineBits: Int64 = 32

    /// - Parameters:
    ///   - directory: the data directory.
    ///   - identity: of the log.
    ///   - configuration: how to reach the cluster.
    ///   - time: gives the name of the old log.
    public init(
        of directory: String,
        identity: String,
        topics: Topics,
        configuration: KafkaConfiguration,
        time: TimeSource = .system,
        logger: Logger
    ) {
        self.directory = directory
        self.time = time
        tail = TopicTail(configuration: configuration, topics: topics, identity: identity, logger: logger)
    }

    /// The writer that took this one's place, the first of them; nil if there is none, and this log may be written.
    ///
    /// - Throws: `KafkaError` if the topic cannot be read: whether the log may be written is not known then.
    public func successor() async throws -> WriterAnnouncement? {
        let own = try state()
        guard own.role == .writer, let end = try await tail.end(), end.epoch > own.head.epoch else { return nil }
        var offset = end.writerAt
        var found: WriterAnnouncement?
        while let at = offset {
            let writer = try await tail.writer(at: at)
            guard writer.epoch > own.head.epoch else { break }
            found = writer
            offset = writer.previousAt
        }
        guard let found else {
            // The same writer on another machine: an older copy of this directory.
            throw StreamingError.replaced(by: end.epoch, own: own.head.epoch)
        }
        return found
    }

    /// How far the topic has the territory's log; nil if it has nothing.
    ///
    /// - Throws: `KafkaError`; ``StreamingError`` `malformedRecord`, `wrongTerritory`.
    public func topicEnd() async throws -> TopicEnd? { try await tail.end() }

    /// Refuses a log that another writer has replaced: to be called before it is written.
    ///
    /// - Throws: ``StreamingError`` `replaced`; as ``successor()``.
    public func check() async throws {
        guard let writer = try await successor() else { return }
        throw StreamingError.replaced(by: writer.epoch, own: try state().head.epoch)
    }

    /// Makes a replica of the log if it was replaced. Nobody may have the log open.
    ///
    /// - Parameters:
    ///   - path: where the tail goes.
    ///   - progress: called from time to time with the events verified and their total.
    /// - Returns: nil if the log was not replaced.
    /// - Throws: as ``successor()`` and `LogDemotion.setAsideTail`.
    public func run(
        to path: String,
        progress: @Sendable (Int64, Int64) -> Void = { _, _ in }
    ) async throws -> LogDemotion.Report? {
        guard let writer = try await successor() else { return nil }
        let own = try state()
        // Numbers of commands are those of the writer that gave them.
        let isOurs = writer.previousEpoch.map { $0 >> Self.lineBits == own.head.epoch >> Self.lineBits } ?? false
        let isShorter = own.head.position < writer.position
        return try LogDemotion(of: directory, time: time).setAsideTail(
            after: min(own.head.position, writer.position),
            command: isOurs && !isShorter ? writer.previousCheckpoint?.cursor.command : nil,
            // Of a log that ends before, following shows whether it is the same.
            rootHash: isShorter ? nil : writer.rootHash,
            epoch: writer.epoch,
            to: path,
            progress: progress
        )
    }

    private func state() throws -> (head: LogHead, role: LogRole) {
        let reader = try SQLiteEventLog.openReadOnly(directory: directory)
        defer { reader.close() }
        return (try reader.head(), try reader.role())
    }
}
