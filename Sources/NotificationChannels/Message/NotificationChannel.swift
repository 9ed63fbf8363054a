/// Hands one message over to the next party on its way to one address.
///
/// A repeat with the same message carries the same identifiers, so that the receiver can recognise it. A channel never throws and
/// never retries by itself beyond what cannot have been received: when to try again is the dispatcher's decision.
public protocol NotificationChannel: Sendable {
    var kind: ChannelName { get }

    /// - Parameters:
    ///   - message: the rendered text with its identifiers.
    ///   - address: in the form of this channel (mail address, phone number, URL).
    /// - Returns: `.later` with the reason `cancelled` when the task was cancelled; the peer may have the message then.
    func deliver(_ message: RenderedMessage, to address: String) async -> DeliveryOutcome
}
