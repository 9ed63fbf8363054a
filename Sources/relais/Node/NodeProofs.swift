import EventStore
import Foundation
import Timekeeping
import Transparency

/// What proves a directory's log to others: tiles, checkpoints, and its part as a witness of its neighbours.
struct NodeProofs: Sendable {
    let tiles: TileStore
    let prover: LogProver
    let checkpoints: CheckpointStore
    let key: LogKey

    /// What stands before the territory in the origin line of a checkpoint.
    static let originPrefix = "relais.example/"

    /// - Parameter report: is told, in words for operators, what of `proofs.sqlite` was damaged or cannot be kept.
    init(
        _ directory: NodeDirectory,
        log: any EventReader,
        time: TimeSource = .system,
        report: @escaping @Sendable (String) -> Void = { Console.say("note: \($0)") }
    ) throws {
        key = try LogKey(origin: Self.originPrefix + log.identity, seed: try directory.logKeySeed())
        tiles = try TileStore(path: directory.proofs, log: log, report: report)
        prover = LogProver(log: log, tiles: tiles)
        checkpoints = CheckpointStore(log: log, tiles: tiles, key: key, time: time, report: report)
    }
}

/// A directory's part as a witness: which logs it co-signs, and under which key.
struct NodeWitness: Sendable {
    private let directory: NodeDirectory
    let key: WitnessKey

    init(_ directory: NodeDirectory) throws {
        self.directory = directory
        let territory = try directory.settings().territory
        key = try WitnessKey(name: "\(NodeProofs.originPrefix)witness/\(territory)", seed: try directory.witnessKeySeed())
    }

    /// The logs that it trusts, one verifier key a line.
    func trusted() throws -> [VerifierKey] {
        guard let data = FileManager.default.contents(atPath: directory.witnessedLogs) else { return [] }
        return try String(decoding: data, as: UTF8.self).split(whereSeparator: \.isNewline).map { try VerifierKey($0) }
    }

    /// - Returns: false if it was trusted before.
    func trust(_ log: VerifierKey) throws -> Bool {
        var keys = try trusted()
        if keys.contains(log) { return false }
        if let other = keys.first(where: { $0.name == log.name }) {
            throw Failure(.no, "another key of \(other.name) is trusted already; a log that changed its key is another log")
        }
        keys.append(log)
        try directory.writeDurably(Data(keys.map { "\($0)\n" }.joined().utf8), to: directory.witnessedLogs)
        return true
    }

    /// Read anew each time, so that a log trusted meanwhile is known.
    func answer(_ body: [UInt8]) throws -> WitnessResponse {
        try Witness(path: directory.witness, key: key, logs: try trusted()).addCheckpoint(body)
    }
}
