internal import Foundation
public import Pathways

/// What fails or answers as one: the server behind a kind of channel; of webhooks each host on its own.
public struct Destination: Hashable, Sendable {
    public let kind: ChannelKind
    public let host: String?

    public init(_ channel: ChannelAddress) {
        kind = channel.kind
        host = channel.kind == .webhook ? channel.address.flatMap { URLComponents(string: $0)?.host?.lowercased() } : nil
    }
}
