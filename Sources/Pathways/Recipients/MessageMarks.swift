import Timekeeping

/// What became of one message, as far as a decision may need it: in 32 bytes, for a person is told things for years. Who reads more of it reads
/// the log (``MessageRecord``).
struct MessageMarks: Hashable, Sendable {
    /// Five bits for each channel and reminder, the latest in the lowest: a channel's number, then how often was reminded. Each pair is there
    /// once, which are 24 at most.
    private var handOverBits: UInt128 = 0
    private var lastHandOverAt: Int64 = 0
    /// A bit for each way and channel.
    private var openings: UInt32 = 0
    /// A bit for each channel, as in the next one.
    private var deliveries: UInt8 = 0
    private var bounces: UInt8 = 0
    var isUndeliverable = false

    // MARK: - Taking in

    mutating func handOver(to channel: ChannelKind, reminder: Int, at instant: Instant) {
        lastHandOverAt = handOverBits == 0 ? instant.millisecondsSinceEpoch : max(lastHandOverAt, instant.millisecondsSinceEpoch)
        guard !wasHandedOver(to: channel, reminder: reminder) else { return }
        handOverBits = handOverBits << 5 | UInt128(Self.code(channel, reminder))
    }

    mutating func deliver(by channel: ChannelKind) { deliveries |= Self.bit(channel) }
    mutating func bounce(from channel: ChannelKind) { bounces |= Self.bit(channel) }
    mutating func open(via way: OpeningWay, _ channel: ChannelKind?) { openings |= Self.bit(way, channel) }

    // MARK: - Asking

    /// In the order in which they were recorded, each channel and reminder once.
    var handOvers: [ToldMessage.HandOver] {
        var found: [ToldMessage.HandOver] = []
        var rest = handOverBits
        while rest != 0 {
            let code = UInt8(truncatingIfNeeded: rest & 31)
            if let channel = Self.channels[Int(code >> 2)] { found.append(ToldMessage.HandOver(channel: channel, reminder: Int(code & 3))) }
            rest >>= 5
        }
        return found.reversed()
    }

    /// When it was handed over last, on any channel; nil if it never was.
    var lastHandOver: Instant? { handOverBits == 0 ? nil : Instant(millisecondsSinceEpoch: lastHandOverAt) }

    /// Whether a channel took it and did not give it back, or the person saw it.
    var isTold: Bool { isOpened || standingMask != 0 }
    var isStanding: Bool { standingMask != 0 }
    var isOpened: Bool { openings != 0 }
    /// By a channel that did not give it back.
    var isDelivered: Bool { deliveries & standingMask != 0 }

    func wasHandedOver(to channel: ChannelKind) -> Bool { handedOverMask & Self.bit(channel) != 0 }
    func wasDelivered(by channel: ChannelKind) -> Bool { deliveries & Self.bit(channel) != 0 }
    func bounced(from channel: ChannelKind) -> Bool { bounces & Self.bit(channel) != 0 }
    func wasOpened(via way: OpeningWay, _ channel: ChannelKind?) -> Bool { openings & Self.bit(way, channel) != 0 }

    func wasHandedOver(to channel: ChannelKind, reminder: Int) -> Bool {
        let code = UInt128(Self.code(channel, reminder))
        var rest = handOverBits
        while rest != 0 {
            if rest & 31 == code { return true }
            rest >>= 5
        }
        return false
    }

    private var standingMask: UInt8 { handedOverMask & ~bounces }

    private var handedOverMask: UInt8 {
        var mask: UInt8 = 0
        var rest = handOverBits
        while rest != 0 {
            mask |= 1 << UInt8(truncatingIfNeeded: rest >> 2 & 7)
            rest >>= 5
        }
        return mask
    }

    // MARK: - Numbers

    /// At their numbers, in three bits.
    private static let channels: [ChannelKind?] = [nil, .mssante, .email, .sms, .webhook, .inapp, .sandbox, nil]

    /// From 1 on, so that no hand-over is zero.
    private static func number(of channel: ChannelKind) -> UInt8 {
        switch channel {
        case .mssante: 1
        case .email: 2
        case .sms: 3
        case .webhook: 4
        case .inapp: 5
        case .sandbox: 6
        }
    }

    private static func code(_ channel: ChannelKind, _ reminder: Int) -> UInt8 { number(of: channel) << 2 | UInt8(min(max(reminder, 0), 3)) }

    private static func bit(_ channel: ChannelKind) -> UInt8 { 1 << number(of: channel) }

    private static func bit(_ way: OpeningWay, _ channel: ChannelKind?) -> UInt32 {
        let row: UInt32 =
            switch way {
            case .link: 0
            case .page: 1
            case .feed: 2
            case .confirmation: 3
            }
        return 1 << (row * 8 + UInt32(channel.map(number) ?? 0))
    }
}
