internal import Synchronization
internal import Timekeeping

#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Musl)
    internal import Musl
#else
    internal import Darwin
#endif

/// Writes each message to a file instead of sending it: for training, and to see what would go out. A repeat writes the same file again.
///
/// The files hold what the messages hold: the folder is as secret as the database beside it. They are readable by us only (mode 0600).
public struct SandboxChannel: NotificationChannel {
    public var kind: ChannelName { .sandbox }

    /// Two attempts for one message do not write to one file.
    private static let attempts = Atomic<UInt64>(0)

    private let folder: String

    /// - Parameter folder: must exist.
    public init(folder: String) {
        self.folder = folder
    }

    /// `<folder>/<id>.txt`, complete or not there: written beside, then renamed. The reason `folder` means that this failed.
    public func deliver(_ message: RenderedMessage, to address: String) async -> DeliveryOutcome {
        if let flaw = message.flaw { return .never(reason: flaw) }
        guard !address.isEmpty, !address.unicodeScalars.contains(where: SafeBytes.isControl) else { return .never(reason: "address-invalid") }
        if Task.isCancelled { return .later(reason: "cancelled", after: nil) }
        let path = "\(folder)/\(message.id).txt"
        let unfinished = "\(folder)/.\(message.id).\(Self.attempts.wrappingAdd(1, ordering: .relaxed).newValue)"
        guard Self.write(Self.content(of: message, to: address), to: unfinished), rename(unfinished, path) == 0 else {
            unlink(unfinished)
            return .later(reason: "folder", after: nil)
        }
        return .handedOver(receipt: "\(message.id).txt")
    }

    private static func content(of message: RenderedMessage, to address: String) -> [UInt8] {
        var lines = ["To: \(address)", "Subject: \(message.subject)", "Message-ID: \(message.messageID)", "Date: \(message.createdAt.rfc3339)"]
        lines.append("Urgency: \(message.urgency.rawValue)")
        if let link = message.link { lines.append("Link: \(link)") }
        if let attachment = message.attachment { lines.append("Attachment: \(attachment.name) (\(attachment.bytes.count) bytes)") }
        return Array((lines.joined(separator: "\n") + "\n\n" + message.text + "\n").utf8)
    }

    private static func write(_ bytes: [UInt8], to path: String) -> Bool {
        let file = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard file >= 0 else { return false }
        defer { close(file) }
        var done = 0
        while done < bytes.count {
            let count = bytes.withUnsafeBytes { buffer in writeToFile(file, buffer.baseAddress.map { $0 + done }, bytes.count - done) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return false }
            done += count
        }
        return true
    }
}

/// The system's `write`, which the type's own hides.
private func writeToFile(_ file: Int32, _ bytes: UnsafeRawPointer?, _ count: Int) -> Int {
    write(file, bytes, count)
}
