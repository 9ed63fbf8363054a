import ArgumentParser
import EventStore
import Foundation
import Sealing
import Simulation
import Timekeeping
import Transparency

/// Durable appends: one event and one command a request, 1,000 streams open in random order, 20 events each, payloads of 600 bytes. The
/// same rows as the floor in `ops/bench/append_floor.c`. With `--proven`, sealed under data keys, and followed by the tiles that proofs are
/// made of, as a territory's log is.
struct BenchAppend: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "append", abstract: "Durable appends per second.")

    @OptionGroup var options: BenchCommand.Options
    @Option(help: "Events in the log before, at least.") var events: Int64 = 0
    @Option(help: "Concurrent writers.") var writers = 1
    @Option(help: "Events to append.") var count = 20_000
    @Flag(help: "With sealing and proofs on.") var proven = false

    private static let openStreams = 1_000
    private static let payloadBytes = 600

    func validate() throws {
        if !(1...Self.openStreams ~= writers) || count < 1 { throw ValidationError("--writers is 1 to \(Self.openStreams), --count at least 1.") }
    }

    func run() async throws {
        let sealer: any PayloadSealer = proven ? try vault() : PlainSealer()
        let log = try SQLiteEventLog.open(.init(directory: options.data.node.path, identity: "bench", sealer: sealer))
        let tiles = proven ? try followWithTiles(log) : nil
        let before = try log.head().position
        if before < events { _ = try await Self.append(Int(events - before), writers: 256, to: log, run: UInt64(before) | 1 << 40) }
        let present = try log.head().position
        let (elapsed, latencies) = try await Self.append(count, writers: writers, to: log, run: UInt64(present) | 1 << 41)
        tiles?.cancel()
        var figure = Figure("append.writers\(writers)\(proven ? ".proven" : "")", Double(count) / elapsed.inSeconds, "ev/s", latencies: latencies)
        figure.synchronous = try log.synchronous()
        figure.payloadBytes = Self.payloadBytes
        figure.events = present
        await log.close()
        try figure.print(json: options.json)
    }

    /// Keys of the bench's own, kept beside its log.
    private func vault() throws -> KeyVault {
        let directory = options.data.node
        try FileManager.default.createDirectory(atPath: directory.secrets, withIntermediateDirectories: true)
        try MasterKeyPlace(directory).createIfOurs(.init(territory: "bench", environment: "test"))
        let master = try MasterKeySource.file("\(directory.secrets)/master.key").load()
        return try KeyVault.open(directory: directory.path, identity: "bench", master: master)
    }

    private func followWithTiles(_ log: SQLiteEventLog) throws -> Task<Void, Never> {
        let tiles = try TileStore(path: options.data.node.proofs, log: log)
        let runner = FollowerRunner(TileFollower(log: log, tiles: tiles), of: log)
        return Task.detached(priority: .utility) { try? await runner.run() }
    }

    /// - Parameter run: makes streams and keys differ from those of other runs.
    private static func append(_ count: Int, writers: Int, to log: SQLiteEventLog, run: UInt64) async throws -> (Duration, [Duration]) {
        let ids = EventIDGenerator(time: .system) { UInt64.random(in: .min ... .max) }
        let start = ContinuousClock.now
        let latencies = try await withThrowingTaskGroup(of: [Duration].self) { group in
            for writer in 0..<writers {
                let share = count / writers + (writer < count % writers ? 1 : 0)
                let seed = run &* 0x9E37_79B9_7F4A_7C15 &+ UInt64(writer)
                group.addTask {
                    try await write(share, streams: max(1, openStreams / writers), to: log, ids: ids, seed: seed)
                }
            }
            return try await group.reduce(into: []) { $0 += $1 }
        }
        return (ContinuousClock.now - start, latencies)
    }

    private static func write(_ count: Int, streams: Int, to log: SQLiteEventLog, ids: EventIDGenerator, seed: UInt64) async throws -> [Duration] {
        var random = SplitMix64(state: seed)
        var open = (0..<streams).map { _ in newStream(&random) }
        var latencies: [Duration] = []
        latencies.reserveCapacity(count)
        for number in 0..<count {
            let index = Int(random.next() % UInt64(streams))
            if open[index].version == 20 { open[index] = newStream(&random) }
            let (stream, version) = open[index]
            let id = ids.next()
            let event = NewEvent(
                id: id,
                type: "fr.relais.bench.activity-recorded.v1",
                source: "urn:finess:850099995",
                time: TimeSource.system.now(),
                actor: "urn:rpps:99999000013",
                correlation: id,
                payload: payload(number, &random)
            )
            let key = CommandKey(scope: "bench", key: "\(seed)/\(number)", body: Array("\(number)".utf8), match: .keyAndBody)
            let write = StreamWrite(stream: stream, expected: version == 0 ? .noStream : .exactly(version), events: [event])
            let begin = ContinuousClock.now
            _ = try await log.append(AppendRequest(command: key, writes: [write], answer: Array("answered".utf8)))
            latencies.append(ContinuousClock.now - begin)
            open[index].version += 1
        }
        return latencies
    }

    private static func newStream(_ random: inout SplitMix64) -> (stream: StreamID, version: Int64) {
        let bytes = (0..<2).flatMap { _ in withUnsafeBytes(of: random.next()) { Array($0) } }
        guard let stream = StreamID(bytes: bytes) else { return newStream(&random) }
        return (stream, 0)
    }

    private static func payload(_ number: Int, _ random: inout SplitMix64) -> [UInt8] {
        var bytes = Array(#"{"seq":\#(number),"nonce":"\#(String(random.next(), radix: 16))","note":""#.utf8)
        while bytes.count < payloadBytes - 2 { bytes.append(UInt8(ascii: "a") + UInt8(truncatingIfNeeded: bytes.count % 26)) }
        return bytes + Array(#""}"#.utf8)
    }
}
