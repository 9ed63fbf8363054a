/// A key that was destroyed, and the place of its tombstone.
public struct DestroyedKey: Sendable, Hashable {
    /// The place that the key had; not the order in which keys were destroyed.
    public var number: Int64
    public var id: String

    public init(number: Int64, id: String) {
        self.number = number
        self.id = id
    }
}
