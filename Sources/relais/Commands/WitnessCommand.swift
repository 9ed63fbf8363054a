import ArgumentParser
import AsyncHTTPClient
import EventStore
import Foundation
import NIOCore
import NIOHTTP1
import Transparency

struct WitnessCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "witness",
        abstract: "Co-signing a neighbour's checkpoints, and having ours co-signed (C2SP tlog-witness).",
        subcommands: [Key.self, Trust.self, Ask.self]
    )

    struct Key: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "The key under which this directory co-signs.")
        @OptionGroup var data: DataOption

        func run() async throws { print(try NodeWitness(data.node).key.verifierKey) }
    }

    struct Trust: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Co-sign the checkpoints of the log with this key from now on.")
        @Argument(help: ArgumentHelp("What `relais log key` printed there.", valueName: "VKEY")) var key: String
        @OptionGroup var data: DataOption

        func run() async throws {
            let isNew = try NodeWitness(data.node).trust(try VerifierKey(key))
            Console.say(isNew ? "trusted; running servers know it at once" : "trusted already")
        }
    }

    struct Ask: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Has the log as it is now co-signed, and prints the checkpoint with all signatures."
        )
        @Argument(help: "The witness's address; /add-checkpoint is added.") var address: String
        @Option(help: ArgumentHelp("The witness's verifier key.", valueName: "VKEY")) var key: String
        @OptionGroup var data: DataOption

        func run() async throws {
            let witness = try VerifierKey(key)
            let log = try SQLiteEventLog.openReadOnly(directory: data.node.path)
            let proofs = try NodeProofs(data.node, log: log)
            let issued = try await WitnessClient(address: address).cosign(try proofs.checkpoints.issue(), by: witness, with: proofs)
            FileHandle.standardOutput.write(Data(issued.note.bytes))
        }
    }
}

/// Carries a checkpoint to a witness over HTTP.
struct WitnessClient {
    let address: String

    /// - Returns: the checkpoint with the witness's signature, as it is kept.
    /// - Throws: `Failure` if the witness cannot be reached or refuses.
    func cosign(_ issued: CheckpointStore.Issued, by witness: VerifierKey, with proofs: NodeProofs) async throws -> CheckpointStore.Issued {
        let client = HTTPClient(eventLoopGroupProvider: .singleton)
        do {
            let kept = try await cosign(issued, by: witness, with: proofs, client)
            try await client.shutdown()
            return kept
        } catch {
            try? await client.shutdown()
            throw error
        }
    }

    private func cosign(
        _ issued: CheckpointStore.Issued,
        by witness: VerifierKey,
        with proofs: NodeProofs,
        _ client: HTTPClient
    ) async throws -> CheckpointStore.Issued {
        var submission = WitnessSubmission(of: issued, to: witness, lastSize: 0)
        var step = WitnessSubmission.Step.send
        while step == .send {
            step = submission.receive(try await post(try submission.request(proofs.prover).body, client))
        }
        let size = issued.checkpoint.tree.size
        switch step {
        case .done(let signatures): try proofs.checkpoints.add(signatures, to: size)
        case .refused(let words): throw Failure(.no, words)
        case .send: break
        }
        return try proofs.checkpoints.issued(for: size) ?? issued
    }

    private func post(_ body: [UInt8], _ client: HTTPClient) async throws -> WitnessResponse {
        var request = HTTPClientRequest(url: "\(address)/add-checkpoint")
        request.method = .POST
        request.body = .bytes(ByteBuffer(bytes: body))
        do {
            let response = try await client.execute(request, timeout: .seconds(20))
            let answer = try await response.body.collect(upTo: 64 << 10)
            return WitnessResponse(
                status: Int(response.status.code),
                contentType: response.headers.first(name: "content-type") ?? "",
                body: Array(answer.readableBytesView)
            )
        } catch {
            throw Failure(.usage, "the witness at \(address) cannot be reached")
        }
    }
}
