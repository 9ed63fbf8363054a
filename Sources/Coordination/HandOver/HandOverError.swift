/// What must never be true of two logs between which a pathway passes.
public enum HandOverError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The territory was told the pathway, and its log shows no take-over of it.
    case takeOverMissing(territory: String)

    public var description: String {
        switch self {
        case .takeOverMissing(let territory):
            "territory \(territory) was told a pathway and its log shows no take-over of it; check that log: relais verify"
        }
    }
}
