public import Transparency

/// What proves the log to others, handed in.
public struct TransparencyServices: Sendable {
    public var prover: LogProver
    public var checkpoints: CheckpointStore
    /// Answers `POST /witness/add-checkpoint`.
    public var witness: @Sendable ([UInt8]) throws -> WitnessResponse

    public init(prover: LogProver, checkpoints: CheckpointStore, witness: @escaping @Sendable ([UInt8]) throws -> WitnessResponse) {
        self.prover = prover
        self.checkpoints = checkpoints
        self.witness = witness
    }
}
