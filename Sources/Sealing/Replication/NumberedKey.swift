/// A data key that is handed over, and its place in the store it comes from.
public struct NumberedKey: Sendable, Hashable {
    /// Grows with each key that is made; the next page begins after the last one's.
    public var number: Int64
    public var key: WrappedKey

    public init(number: Int64, key: WrappedKey) {
        self.number = number
        self.key = key
    }
}
