/// What the server does after a frame.
public enum MLLPReply: Sendable, Hashable {
    /// Sends this message, framed; the next frame of the connection is handled once it is written.
    case answer([UInt8])
    /// Sends nothing, and handles the next frame: the sender asked for no acknowledgement (MSH-15, MSH-16).
    case silence
    /// Closes the connection without an answer.
    case close
}
