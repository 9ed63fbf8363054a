import ArgumentParser
import EventStore
import Foundation
import Simulation
import Transparency

/// Proofs over leaves that are made up: what they cost does not depend on what is in the events.
struct BenchProofs: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "proofs", abstract: "Time and size of inclusion and consistency proofs.")

    @OptionGroup var options: BenchCommand.Options
    @Option(help: "Leaves of the tree.") var leaves = 10_000_000
    @Option(help: "Proofs of each kind.") var count = 2_000

    private static let hashBytes = 32

    func run() async throws {
        let directory = options.data.node.path
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        let log = SyntheticLeaves(count: leaves)
        let tiles = try TileStore(path: options.data.node.proofs, log: log)
        let building = try ContinuousClock().measure { try tiles.catchUp(to: Int64(leaves)) }
        try figure("proofs.tiles", Double(leaves) / building.inSeconds, "leaves/s")
        let prover = LogProver(log: log, tiles: tiles)
        var random = SplitMix64(state: 1)
        // A size that is no power of two, as they come.
        let size = Int64(max(2, leaves - 101))
        try measure("inclusion") { () throws -> Int in
            try prover.inclusion(of: 1 + Int64(random.next() % UInt64(size)), in: size).path.count
        }
        try measure("consistency") { () throws -> Int in
            try prover.consistency(from: 1 + Int64(random.next() % UInt64(size)), to: size).path.count
        }
    }

    private func measure(_ kind: String, _ prove: () throws -> Int) throws {
        var latencies: [Duration] = []
        var hashes = 0
        for _ in 0..<count {
            let elapsed = try ContinuousClock().measure { hashes += try prove() }
            latencies.append(elapsed)
        }
        let total = latencies.reduce(Duration.zero, +)
        try figure("proofs.\(kind)", Double(count) / total.inSeconds, "proofs/s", latencies)
        try figure("proofs.\(kind).size", Double(hashes * Self.hashBytes) / Double(count), "bytes")
    }

    private func figure(_ id: String, _ value: Double, _ unit: String, _ latencies: [Duration] = []) throws {
        var figure = Figure(id, value, unit, latencies: latencies)
        figure.events = Int64(leaves)
        try figure.print(json: options.json)
    }
}
