public import Pathways

/// Who asks, checked against the directory. Until sign-in exists the name is the caller's own word, and recorded as `asserted`.
public struct Caller: Sendable, Hashable {
    public let attribution: Attribution

    /// The form of the envelope's `source` and `actor`.
    public var urn: String { attribution.urn }

    /// - Parameter urn: `urn:rpps:99…`, or the bare RPPS.
    /// - Throws: `Refusal.unknownActor` if it is no RPPS of the directory.
    public init(urn: String, in state: TerritoryState) throws(CallerError) {
        let text = urn.hasPrefix("urn:rpps:") ? String(urn.dropFirst("urn:rpps:".count)) : urn
        guard let territory = state.territory else { throw .noDirectory }
        guard let rpps = try? RPPS(text) else { throw .malformed }
        let capacity: Attribution.Capacity
        if territory.referent.rpps == rpps {
            capacity = .referent
        } else if let professional = territory.professional(rpps) {
            capacity = professional.role == .dischargingUnit ? .hospital : .professional
        } else {
            throw .notInDirectory
        }
        attribution = Attribution(rpps: rpps.value, capacity: capacity)
    }
}

/// Why a caller is not taken at their word.
public enum CallerError: Error, Hashable, Sendable, CustomStringConvertible {
    case noDirectory
    case malformed
    case notInDirectory

    public var description: String {
        switch self {
        case .noDirectory: "no territory is published, so nobody is known; run: relais territory publish FILE"
        case .malformed: "the actor is not an RPPS (11 digits with a right key); write urn:rpps:…"
        case .notInDirectory: "the actor is not in the directory of this territory"
        }
    }
}
