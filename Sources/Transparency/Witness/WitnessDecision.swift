import EventStore

/// What to do with a request to cosign: a pure function of the request and of what was cosigned before.
enum WitnessDecision: Sendable, Hashable {
    /// Keep this tree, then cosign this text.
    case cosign(TreeHead, text: String)
    case refuse(WitnessResponse)

    /// The checks of C2SP tlog-witness, in its order.
    ///
    /// - Parameters:
    ///   - keys: of the logs that are witnessed; a log's origin is its keys' name.
    ///   - known: what was cosigned last for an origin; nil = nothing yet.
    static func on(_ body: [UInt8], trusting keys: [VerifierKey], known: (_ origin: String) throws -> TreeHead?) rethrows -> WitnessDecision {
        guard let request = try? WitnessRequest(body: body), let checkpoint = try? Checkpoint(text: request.note.text) else {
            return .refuse(WitnessResponse(status: 400, text: "not an add-checkpoint request"))
        }
        let trusted = keys.filter { $0.name == checkpoint.origin && $0.algorithm == .ed25519 }
        guard !trusted.isEmpty else { return .refuse(WitnessResponse(status: 404, text: "unknown origin")) }
        guard (try? request.note.verified(by: trusted)) != nil else {
            return .refuse(WitnessResponse(status: 403, text: "no valid signature of a trusted key"))
        }
        guard request.oldSize <= checkpoint.tree.size else {
            return .refuse(WitnessResponse(status: 400, text: "the old size is larger than the checkpoint's"))
        }
        let old = try known(checkpoint.origin) ?? TreeHead(size: 0, rootHash: MerkleTree.emptyRoot)
        guard request.oldSize == old.size else { return .refuse(.conflict(size: old.size)) }
        // Two roots for one size are no conflict to be resolved by another proof, but a log that contradicts itself.
        let isGrown = MerkleTree.isConsistent(from: old, to: checkpoint.tree, path: request.path)
        guard isGrown else { return .refuse(WitnessResponse(status: 422, text: "the checkpoint is not proven to continue the one cosigned last")) }
        return .cosign(checkpoint.tree, text: request.note.text)
    }
}
