import NotificationChannels

/// Takes every message after a time, or none at all: a channel of the bench's own.
struct MeasuredChannel: NotificationChannel {
    let kind: ChannelName
    /// What the next party takes for one message.
    let time: Duration
    /// Nobody is there.
    var isDead = false

    func deliver(_ message: RenderedMessage, to address: String) async -> DeliveryOutcome {
        if isDead { return .later(reason: "unreachable", after: nil) }
        do {
            if time > .zero { try await Task.sleep(for: time) }
            return .handedOver(receipt: nil)
        } catch {
            return .later(reason: "cancelled", after: nil)
        }
    }
}
