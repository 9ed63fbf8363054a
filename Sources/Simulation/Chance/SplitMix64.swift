/// Seeded randomness, the same everywhere (Steele, Lea, Flood 2014): the same seed tells the same story.
public struct SplitMix64: RandomNumberGenerator, Sendable {
    private var state: UInt64

    /// - Parameter state: the seed.
    public init(state: UInt64) { self.state = state }

    public mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var word = state
        word = (word ^ (word >> 30)) &* 0xBF58_476D_1CE4_E5B9
        word = (word ^ (word >> 27)) &* 0x94D0_49BB_1331_11EB
        return word ^ (word >> 31)
    }

    /// A generator of its own, so that what one part of the world draws does not move the draws of another.
    public mutating func branch() -> SplitMix64 { SplitMix64(state: next()) }
}
