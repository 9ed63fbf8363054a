/// Why a part of a message cannot be written.
public enum MessageEditError: Error, Sendable, Hashable {
    /// The place names no field, is MSH-1 or MSH-2, or its segment would leave a gap.
    case noSuchPlace
    /// The value holds a delimiter that ends the place, or a line end.
    case valueReachesBeyond
}

extension MessageEditError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .noSuchPlace: "a place is written SEG-3, SEG[2]-3, SEG-3[2].1; MSH-1 and MSH-2 cannot be changed"
        case .valueReachesBeyond: "the value holds a delimiter that ends the place, or a line end"
        }
    }
}
