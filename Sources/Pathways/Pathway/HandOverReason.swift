/// Why a pathway goes to another territory.
public enum HandOverReason: String, Hashable, Sendable, CaseIterable {
    /// The patient's home is there.
    case moved
}
