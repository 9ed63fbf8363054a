import EventStore

/// A log's side of getting one checkpoint cosigned by one witness: says what to send, takes what comes back. Does no I/O.
///
/// ```swift
/// var submission = WitnessSubmission(of: issued, to: witnessKey, lastSize: sizeCosignedBefore)
/// var step = WitnessSubmission.Step.send
/// while step == .send {
///     let response = try await post(submission.request(prover).body)
///     step = submission.receive(response)
/// }
/// ```
public struct WitnessSubmission: Sendable, Hashable {
    /// What comes next.
    public enum Step: Sendable, Hashable {
        /// Send ``request(_:)``.
        case send
        /// Cosigned: keep these, and the size for the next submission.
        case done([SignedNote.Signature])
        /// Given up; the text is for the operator and quotes nothing of the witness.
        case refused(String)
    }

    private let checkpoint: Checkpoint
    private let note: SignedNote
    private let witness: VerifierKey
    private var oldSize: Int64
    private var conflicts = 0

    /// Conflicts in a row after which it gives up: another is submitting for the same log.
    private static let conflictLimit = 3

    /// - Parameters:
    ///   - witness: the witness's key; what others sign is ignored.
    ///   - lastSize: the size this witness has cosigned last, as far as is known; 0 if it is not.
    public init(of issued: CheckpointStore.Issued, to witness: VerifierKey, lastSize: Int64) {
        checkpoint = issued.checkpoint
        note = issued.note
        self.witness = witness
        oldSize = min(max(lastSize, 0), issued.checkpoint.tree.size)
    }

    /// What to send now.
    ///
    /// - Throws: as ``LogProver/consistency(from:to:)``.
    public func request(_ prover: LogProver) throws -> WitnessRequest {
        let path = oldSize > 0 ? try prover.consistency(from: oldSize, to: checkpoint.tree.size).path : []
        return WitnessRequest(oldSize: oldSize, path: path, note: note)
    }

    /// Takes the witness's answer.
    public mutating func receive(_ response: WitnessResponse) -> Step {
        switch response.status {
        case 200: return cosignatures(in: response.body)
        case 409: return conflict(response)
        case 403: return .refused("The witness does not know our key: give it \(note.signatures.first?.name ?? "its") vkey.")
        case 404: return .refused("The witness does not know the log \(checkpoint.origin).")
        case 422: return .refused("The witness has cosigned another history of this log: run verify, sign nothing more.")
        default: return .refused("The witness answered \(response.status).")
        }
    }

    private func cosignatures(in body: [UInt8]) -> Step {
        // Its lines stand after our text, as the specification suggests.
        guard let answer = try? SignedNote(bytes: Array("\(note.text)\n".utf8) + body), let valid = try? answer.verified(by: [witness]) else {
            return .refused("The witness's answer holds no valid cosignature of its key.")
        }
        return .done(valid)
    }

    private mutating func conflict(_ response: WitnessResponse) -> Step {
        conflicts += 1
        let text = String(decoding: response.body, as: UTF8.self)
        guard response.contentType == WitnessResponse.sizeType, text.last == "\n", let size = DecimalText.decode(text.dropLast()) else {
            return .refused("The witness answered 409 without the size it knows.")
        }
        guard size <= checkpoint.tree.size else {
            return .refused(
                "The witness has cosigned \(size) events, this log has \(checkpoint.tree.size): it was rolled back, or the checkpoint is old."
            )
        }
        guard size != oldSize, conflicts <= Self.conflictLimit else { return .refused("The witness answered 409 again and again.") }
        oldSize = size
        return .send
    }
}
