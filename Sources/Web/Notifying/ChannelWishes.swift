public import Pathways

/// How somebody wants to be told, all of it.
public struct ChannelWishes: Sendable, Hashable {
    /// In the order in which they are tried; none: their own list alone.
    public var channels: [ChannelAddress]
    /// Nil for the territory's; those that end when they begin are none at all.
    public var quietHours: QuietHours?
    /// What they want no message about.
    public var mutedTemplates: [String]

    public init(channels: [ChannelAddress], quietHours: QuietHours? = nil, mutedTemplates: [String] = []) {
        self.channels = channels
        self.quietHours = quietHours
        self.mutedTemplates = mutedTemplates
    }
}
