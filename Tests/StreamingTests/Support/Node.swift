import EventStore
import Kafka
import Logging
import Sealing
import Streaming
import TestSupport
import Timekeeping

/// A machine with a log and its keys.
struct Node: Sendable {
    let directory: TemporaryDirectory
    let vault: KeyVault
    let log: SQLiteEventLog
    let cluster: MockCluster
    let topics: Topics

    static let identity = "cpts-test"

    /// - Parameter directory: of a node that is opened again.
    init(_ cluster: MockCluster, _ topics: Topics, role: LogRole = .writer, directory: TemporaryDirectory? = nil) throws {
        let directory = try directory ?? TemporaryDirectory()
        var random = SplitMix64(seed: 9)
        let master = try MasterKey(bytes: (0..<32).map { _ in UInt8.random(in: 0...255, using: &random) })
        vault = try KeyVault.open(directory: directory.path, identity: Self.identity, master: master, createsIfMissing: true)
        log = try SQLiteEventLog.open(.init(directory: directory.path, identity: Self.identity, role: role, sealer: vault))
        self.directory = directory
        self.cluster = cluster
        self.topics = topics
    }

    func relay(_ settings: RelaySettings = RelaySettings(), progress: ReplicationProgress = ReplicationProgress()) -> Relay {
        Relay(
            log: log,
            vault: vault,
            topics: topics,
            configuration: cluster.configuration,
            settings: settings,
            progress: progress,
            logger: .quiet
        )
    }

    var follower: ReplicaFollower {
        ReplicaFollower(
            log: log,
            vault: vault,
            topics: topics,
            configuration: cluster.configuration,
            settings: FollowerSettings(byteLimit: 4 << 20),
            logger: .quiet
        )
    }

    func stream(_ number: UInt64) -> StreamID {
        let name = String(number, radix: 16)
        guard let stream = StreamID(hex: String(repeating: "0", count: 32 - name.count) + name) else {
            fatalError("32 hexadecimal digits name a stream")
        }
        return stream
    }

    /// Appends events under commands, some with attachments, some commands without events.
    func fill(_ count: Int, seed: UInt64) async throws {
        let random = SeededRandom(seed: seed)
        let ids = EventIDGenerator(time: .system, random: random.next)
        var left = count
        try await withThrowingTaskGroup(of: Void.self) { group in
            var number = 0
            var running = 0
            while left > 0 {
                let size = min(left, Int(random.next() % 40) + 1)
                left -= size
                number += 1
                let stream = stream(random.next() % 60 + 1)
                let hasAttachment = random.next() % 5 == 0
                let events = (0..<size).map { index in
                    NewEvent(
                        id: ids.next(),
                        type: "fr.relais.test.happened.v1",
                        source: "urn:relais:test",
                        time: Instant(millisecondsSinceEpoch: 1_795_336_200_000, offsetMinutes: 60),
                        payload: Array("{\"number\": \(number), \"index\": \(index)}".utf8),
                        attachment: hasAttachment && index == 0 ? Array("attachment \(number)".utf8) : nil
                    )
                }
                let request = AppendRequest(
                    command: CommandKey(scope: "test", key: "\(seed)-\(number)", body: [], match: .keyAndBody),
                    writes: [StreamWrite(stream: stream, expected: .any, events: events, patient: stream)],
                    answer: number % 2 == 0 ? Array("answer \(number)".utf8) : []
                )
                let nothing = AppendRequest(
                    command: CommandKey(scope: "nothing", key: "\(seed)-\(number)", body: [], match: .keyAlone),
                    writes: []
                )
                if running >= 16 {
                    try await group.next()
                    running -= 1
                }
                running += 1
                let hasMore = number % 7 == 0
                group.addTask {
                    _ = try await log.append(request)
                    if hasMore { _ = try await log.append(nothing) }
                }
            }
            try await group.waitForAll()
        }
    }

    func close() async { await log.close() }
}

/// Runs a service until `body` returns; a service that fails ends the test.
func running(
    _ service: @escaping @Sendable @concurrent () async throws -> Void,
    _ body: @escaping @Sendable () async throws -> Void
) async throws {
    try await withThrowingTaskGroup(of: Bool.self) { group in
        group.addTask {
            do {
                try await service()
            } catch {
                print("The service failed: \(error)")
                throw error
            }
            return false
        }
        group.addTask {
            try await body()
            return true
        }
        let isBody = try await group.next() ?? true
        // A service that returns was cancelled.
        group.cancelAll()
        try await group.waitForAll()
        guard isBody else { throw MockCluster.Failure(description: "The service ended before the test.") }
    }
}
