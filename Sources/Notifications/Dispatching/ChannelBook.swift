public import NotificationChannels
public import Pathways

/// The channels that this installation may use, by kind. What a person prefers and is not here is passed over.
public struct ChannelBook: Sendable {
    private let channels: [ChannelKind: any NotificationChannel]
    /// Messages that a channel of a kind is handed at once.
    public let parallel: [ChannelKind: Int]

    private let reaches: @Sendable (ChannelAddress) -> Bool

    /// - Parameter reaches: whether a channel that is here may go to an address, as far as settings say: a webhook's host that the operator
    ///   does not allow is never called.
    public init(
        _ channels: [ChannelKind: any NotificationChannel],
        parallel: [ChannelKind: Int] = [:],
        reaches: @escaping @Sendable (ChannelAddress) -> Bool = { _ in true }
    ) {
        self.channels = channels
        self.parallel = parallel
        self.reaches = reaches
    }

    /// Why a wish would never bring anything.
    public enum Refusal: Hashable, Sendable {
        /// This installation has no channel of the kind.
        case notInstalled
        /// It has, and may not use it for this address.
        case notAllowed
    }

    /// The first of somebody's wishes that would never bring anything.
    ///
    /// - Parameter kept: what they have now: it may be left as it is, whatever the settings say.
    public func refusal(of wishes: [ChannelAddress], keeping kept: [ChannelAddress]) -> (index: Int, refusal: Refusal)? {
        for (index, wish) in wishes.enumerated() where !kept.contains(wish) && wish.kind != .inapp {
            if channels[wish.kind] == nil {
                if kept.contains(where: { $0.kind == wish.kind }) { continue }
                return (index, .notInstalled)
            }
            if !reaches(wish) { return (index, .notAllowed) }
        }
        return nil
    }

    public subscript(kind: ChannelKind) -> (any NotificationChannel)? { channels[kind] }

    public var kinds: Set<ChannelKind> { Set(channels.keys) }
}
