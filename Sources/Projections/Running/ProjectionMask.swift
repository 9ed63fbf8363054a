/// A set of the release's projections, by their place in the runner's list.
struct ProjectionMask: OptionSet, Hashable, Sendable {
    let rawValue: UInt32

    init(rawValue: UInt32) { self.rawValue = rawValue }

    init(place: Int) { rawValue = 1 << UInt32(truncatingIfNeeded: place & 31) }

    static let all = ProjectionMask(rawValue: .max)
}
