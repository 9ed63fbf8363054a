extension RenderedMessage {
    /// Why no channel may send this, as a reason; `nil` when it may be sent. Each channel asks before anything else.
    ///
    /// A line break in what becomes a header or a file name would let its author write headers of their own.
    var flaw: String? {
        if id.isEmpty || id.utf8.count > 128 || !id.utf8.allSatisfy(SafeBytes.isIdentifier) || id.utf8.first == UInt8(ascii: ".") {
            return "unsafe-id"
        }
        if MessageID(headerValue: messageID) == nil { return "unsafe-message-id" }
        if subject.unicodeScalars.contains(where: SafeBytes.isControl) { return "unsafe-subject" }
        if let link, !link.utf8.allSatisfy(SafeBytes.isVisible) { return "unsafe-link" }
        if let attachment {
            if attachment.name.isEmpty || attachment.name.unicodeScalars.contains(where: SafeBytes.isControl) { return "unsafe-attachment" }
            if !SafeBytes.isMediaType(attachment.mediaType) { return "unsafe-attachment" }
        }
        return nil
    }
}
