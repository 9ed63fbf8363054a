extension Pathway {
    /// Whether a movement of that id was stated and recorded, cancelled since or not. Held orphans do not count.
    public func knows(_ movement: MovementID) -> Bool { history.entry(movement) != nil }
}
