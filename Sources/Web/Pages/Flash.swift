import Hummingbird

/// The message of a page, ready to be drawn.
struct Flash: Sendable, Hashable {
    let text: String
    let isWarning: Bool

    init(_ message: FlashMessage) {
        text = message.text
        isWarning = message.isWarning
    }

    /// The message that the address names; nil for none or an unknown one.
    init?(of request: Request) {
        guard let message = request.query("message").flatMap(FlashMessage.init(rawValue:)) else { return nil }
        self.init(message)
    }
}
